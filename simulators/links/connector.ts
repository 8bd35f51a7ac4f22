/** What the three ways to the hub have in common: one attempt makes one connection, and a connection ends once. */
import type { CommandAnswer } from '#contract/command.ts';
import type { DeviceCommand, DeviceMessage } from '../messages.ts';

/** What became of one message. A connection that breaks first rejects instead. */
export type Outcome =
  | { readonly kind: 'acknowledged' }
  /** The family has no word for it: nothing was sent. */
  | { readonly kind: 'unspoken' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'again'; readonly afterMs: number };

export interface Connection {
  /** Resolves when the hub has answered; rejects when the connection went first. */
  send(message: DeviceMessage): Promise<Outcome>;
  /** Says farewell where the protocol has one, then closes. */
  close(): Promise<void>;
  /** Closes without a word. */
  abort(): void;
}

export interface ConnectionListener {
  /** Does the command; what it returns goes back to the hub where the protocol wants an answer. */
  onCommand(command: DeviceCommand): CommandAnswer;
  /** Once, when an established connection has ended by itself. */
  onLost(reason: string): void;
}

export interface Connector {
  /** Resolves with a connection that has said hello. @throws whatever kept it from that; the caller tries again */
  connect(listener: ConnectionListener): Promise<Connection>;
}

/** How long a connection attempt, a farewell and one acknowledgement may take. */
export const connectTimeoutMs = 10_000;
export const closeTimeoutMs = 2000;
export const ackTimeoutMs = 30_000;

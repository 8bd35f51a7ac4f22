/**
 * The life of a command as a table: ARCHITECTURE §6. Exactly one final state, never executed after the deadline.
 */
import type { Json } from './event.ts';

export const nextStates = {
  queued: ['sent', 'failed', 'expired', 'superseded', 'cancelled'],
  sent: ['accepted', 'succeeded', 'failed', 'expired', 'superseded', 'cancelled'],
  accepted: ['succeeded', 'failed', 'expired', 'superseded', 'cancelled'],
  succeeded: [],
  failed: [],
  expired: [],
  superseded: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

export type CommandState = keyof typeof nextStates;

export const commandStates = Object.keys(nextStates) as readonly CommandState[];

export function isFinal(state: CommandState): boolean {
  return nextStates[state].length === 0;
}

/** May a command in state `from` move to `to`? */
export function mayMove(from: CommandState, to: CommandState): boolean {
  return (nextStates[from] as readonly string[]).includes(to);
}

/** What a person or program asks for. `id` is the idempotency key: unique per group, `[A-Za-z0-9_-]{1,64}`. */
export interface CommandRequest {
  readonly id?: string | undefined;
  readonly device: string;
  readonly name: string;
  readonly args?: Json | undefined;
  /** How long the command may wait and run, in ms; bounded by `limits.commandTtlMs`. */
  readonly ttlMs?: number | undefined;
  /** Wait for an offline device until the deadline instead of failing at once. */
  readonly waitForDevice?: boolean | undefined;
  /** An older queued command of the same device and name gives way (set-points). */
  readonly supersede?: boolean | undefined;
}

export interface CommandRecord {
  readonly group: string;
  readonly id: string;
  readonly device: string;
  readonly name: string;
  readonly args: Json;
  readonly state: CommandState;
  /** Who asked: the principal's id and name. */
  readonly principal: string;
  readonly requestedBy: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly deadline: number;
  readonly waitForDevice: boolean;
  /** Every state it was in, oldest first. */
  readonly history: readonly { readonly state: CommandState; readonly at: number }[];
  readonly result?: Json | undefined;
  /** Why it failed or expired: a stable code and a sentence. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** What the device receives. `deadline` is epoch ms; `ttlMs` serves devices without a clock. */
export interface CommandMessage {
  readonly id: string;
  readonly name: string;
  readonly args: Json;
  readonly deadline: number;
  readonly ttlMs: number;
}

/** What the device answers: on its Socket.IO ack, or on `…/commands/<id>/result`. */
export type CommandAnswer =
  | {
      readonly ok: true;
      readonly state?: 'accepted' | 'succeeded' | undefined;
      readonly result?: Json | undefined;
    }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** What a session needs of the engine it belongs to, and what it is made from. */
import type { IncomingMessage } from 'node:http';
import type { Heartbeat } from './heartbeat.ts';
import type { EngineOptions } from './options.ts';
import type { Session } from './session.ts';
import type { Transport } from './transport.ts';

/** The request a session began with. */
export type SessionRequest = IncomingMessage & { _query: Record<string, string> };

export interface SessionEnd {
  readonly reason: string;
  readonly description: unknown;
  /** What was never sent. */
  readonly bufferedBytes: number;
}

export interface SessionHost {
  readonly opts: EngineOptions;
  readonly heartbeat: Heartbeat;
  /** Whether anybody listened to the engine's `flush` or `drain`. */
  readonly isObserved: boolean;
  openPacketData(session: Session): string;
  raise(event: string, ...values: unknown[]): void;
  sessionClosed(session: Session, end: SessionEnd): void;
}

/** The layer above: told of each message and of the end before anybody who listens, and without an event. */
export interface SessionOwner {
  ondata(data: string | Buffer): void;
  onclose(reason: string, description: unknown): void;
}

export interface SessionParts {
  readonly id: string;
  readonly server: SessionHost;
  readonly transport: Transport;
  readonly request: SessionRequest;
  readonly remoteAddress: string;
}

/**
 * What this layer needs of the engine below it. Any engine with these members can be bound, the npm package `engine.io` too.
 */
import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { WriteOptions } from './adapter.ts';
import type { SessionOwner } from './engine/session-host.ts';

export interface EngineTransport {
  readonly name: string;
  readonly writable: boolean;
}

/** Frames of packets that were not handed to the transport yet, oldest first. */
export interface QueuedFrames {
  readonly packets: readonly { readonly options?: WriteOptions | undefined }[];
  readonly bytes: number;
  /** Replaces so many frames, and returns the bytes that frees. */
  splice(
    start: number,
    count: number,
    replacements?: { type: 'message'; data: string | Uint8Array; options: WriteOptions }[],
  ): number;
}

/** One Engine.IO session: what Socket.IO calls the connection. */
export interface EngineSession extends EventEmitter {
  readonly id: string;
  readonly protocol: number;
  readonly remoteAddress: string;
  readonly readyState: string;
  readonly transport: EngineTransport;
  request: IncomingMessage;
  /** Told of each message and of the end; engines without it raise `data`, `error` and `close`. */
  owner?: SessionOwner | undefined;
  /** Bytes accepted for sending that the kernel has not taken yet. */
  readonly bufferedBytes?: number;
  /** Bytes sent of which no pong has shown yet that the client has read them. */
  readonly unconfirmedBytes?: number;
  /** Milliseconds that the ping under way has waited; undefined if none is. */
  readonly pingAgeMs?: number | undefined;
  /** Milliseconds that the last ping took. */
  readonly roundTripMs?: number | undefined;
  /** Pings out of turn. */
  probe?(): void;
  /** What waits for the transport; without it there are no policies for slow consumers. */
  readonly waiting?: QueuedFrames;
  write(data: string | Uint8Array, options?: WriteOptions): unknown;
  /** With `discard` at once, else when what is buffered has been sent. */
  close(discard?: boolean): unknown;
  /** Closes with a status of the WebSocket protocol, which is also the reason of the close. */
  cutOff?(code: number, reason: string): void;
}

export interface Engine extends EventEmitter {
  close(): unknown;
}

/**
 * What this layer needs of the engine below it. Any engine with these members can be bound, the npm package `engine.io` too.
 */
import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { WriteOptions } from './adapter.ts';

export interface EngineTransport {
  readonly name: string;
  readonly writable: boolean;
}

/** One Engine.IO session: what Socket.IO calls the connection. */
export interface EngineSession extends EventEmitter {
  readonly id: string;
  readonly protocol: number;
  readonly remoteAddress: string;
  readonly readyState: string;
  readonly transport: EngineTransport;
  request: IncomingMessage;
  /** Bytes accepted for sending that the kernel has not taken yet. */
  readonly bufferedBytes?: number;
  write(data: string | Uint8Array, options?: WriteOptions): unknown;
  /** With `discard` at once, else when what is buffered has been sent. */
  close(discard?: boolean): unknown;
}

export interface Engine extends EventEmitter {
  close(): unknown;
}

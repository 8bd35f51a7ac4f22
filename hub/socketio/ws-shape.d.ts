/**
 * What of the types of `ws` shows in the library's own. The published package carries this file in their place,
 * so that programs compile without `@types/ws`.
 */
import type { EventEmitter } from 'node:events';
import type { ZlibOptions } from 'node:zlib';

export interface PerMessageDeflateOptions {
  serverNoContextTakeover?: boolean | undefined;
  clientNoContextTakeover?: boolean | undefined;
  serverMaxWindowBits?: number | undefined;
  clientMaxWindowBits?: number | undefined;
  zlibDeflateOptions?: ZlibOptions | undefined;
  zlibInflateOptions?: ZlibOptions | undefined;
  /** Smaller messages are not compressed, in bytes. */
  threshold?: number | undefined;
  concurrencyLimit?: number | undefined;
}

/** What a WebSocket engine is made with. */
export interface ServerOptions {
  noServer?: boolean | undefined;
  clientTracking?: boolean | undefined;
  perMessageDeflate?: boolean | PerMessageDeflateOptions | undefined;
  maxPayload?: number | undefined;
}

export interface WebSocket extends EventEmitter {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly protocol: string;
  readonly extensions: string;
  send(data: string | Uint8Array, done?: (error?: Error) => void): void;
  ping(data?: string | Uint8Array): void;
  close(code?: number, reason?: string | Buffer): void;
  terminate(): void;
}

/**
 * The seam to Socket.IO: what the connection needs of a socket, a clock and nothing else, so that the whole of
 * it runs in a test without a network. `socket.io-client`'s `Socket` fits this shape.
 */
export interface SocketLike {
  readonly connected: boolean;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

/** Opens the socket of one namespace, not yet connected. */
export type OpenSocket = (namespace: string) => SocketLike;

export interface Timing {
  /** Epoch ms. */
  now(): number;
  /** Calls `fn` once after `ms`; the returned function cancels. */
  after(ms: number, fn: () => void): () => void;
}

export const browserTiming: Timing = {
  now: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

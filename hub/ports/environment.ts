/** Time and words to the operator: what every part is given instead of taking it from the process. Types only. */

export interface Clock {
  /** Wall clock: integer microseconds since the Unix epoch. May jump. */
  nowUs(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** Calls `fn` once after `ms`; the returned function cancels. Never keeps the process alive. */
  after(ms: number, fn: () => void): () => void;
}

export interface Log {
  debug(message: string, facts?: object): void;
  /** Start, stop, reconfigured. */
  info(message: string, facts?: object): void;
  /** Odd but handled. */
  warn(message: string, facts?: object): void;
  /** Data lost or a person must act. */
  error(message: string, facts?: object): void;
}

/** Counts under a reason; nothing is dropped uncounted. Names and reasons are literals of the code, never input. */
export interface Counters {
  count(name: string, reason: string, by?: number): void;
}

/** How long things took, for the histograms of `/metrics`. Names are literals of the code. */
export interface Timings {
  observe(name: 'commit' | 'delivery' | 'frame' | 'command', seconds: number): void;
}

/** Time as the simulators see it: two clocks and a timer, so that tests move it by hand. */

export interface Clock {
  /** Wall clock: integer microseconds since the Unix epoch. May jump. */
  nowUs(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** Calls `fn` once after `ms`; the returned function cancels. */
  after(ms: number, fn: () => void): () => void;
}

/** This machine's. Unlike the hub's, a waiting timer keeps the process alive: a fleet between two attempts is at work. */
export const machineClock: Clock = {
  nowUs: () => Date.now() * 1000,
  monotonicMs: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** Epoch ms, whole. */
export function nowMs(clock: Clock): number {
  return Math.floor(clock.nowUs() / 1000);
}

export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

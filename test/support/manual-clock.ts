/** A clock that moves only when a test says so. */
import type { Clock } from '#ports';

interface Timer {
  readonly dueMs: number;
  readonly fn: () => void;
}

export class ManualClock implements Clock {
  #wallUs: number;
  #monotonicMs = 0;
  readonly #timers = new Set<Timer>();

  /** @param startMs wall clock at the start, epoch ms */
  constructor(startMs: number = Date.parse('2026-06-01T12:00:00Z')) {
    this.#wallUs = startMs * 1000;
  }

  nowUs(): number {
    return this.#wallUs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(ms: number, fn: () => void): () => void {
    const timer: Timer = { dueMs: this.#monotonicMs + ms, fn };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Moves both clocks and runs what falls due, in order of time. */
  advance(ms: number): void {
    const endMs = this.#monotonicMs + ms;
    for (;;) {
      const next = [...this.#timers]
        .filter((timer) => timer.dueMs <= endMs)
        .toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.#moveTo(next.dueMs);
      this.#timers.delete(next);
      next.fn();
    }
    this.#moveTo(endMs);
  }

  /** The wall clock jumps (NTP, a person); monotonic time does not notice. */
  jump(ms: number): void {
    this.#wallUs += ms * 1000;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallUs += Math.round((monotonicMs - this.#monotonicMs) * 1000);
    this.#monotonicMs = monotonicMs;
  }
}

/**
 * What a view holds back between two frames, and when the next frame is due.
 * `latest`: the newest reading per series, so at most one per series of the view, and a bounded number of late ones.
 * `raw`: every reading, in frames of a bounded length.
 */
import type { TimeRange } from '#contract/frame.ts';
import { limits } from '#contract/limits.ts';
import type { Clock } from '#ports';
import type { Shown } from './frame-text.ts';
import type { SeriesEntry } from './latest-values.ts';

export interface Pending {
  /** @returns whether a frame holds no more: it must go out before the next reading */
  add(shown: Shown): boolean;
  /** Hands over what is pending, and is empty then. */
  take(): readonly Shown[];
  /** What the next frame cannot hold, from the first that it had no room for until it is taken. */
  takeLeftOut(): LeftOut | undefined;
}

/** Late readings that found no room in their frame: their number, and the times between which history has them. */
export interface LeftOut extends TimeRange {
  readonly count: number;
}

/**
 * Per window the newest reading of each series, then those that came later than a newer one of their series: nothing
 * takes their place, a chart has it at their own time. A backlog may be long, so they have a bound.
 */
export class NewestPending implements Pending {
  readonly #bound: number;
  /** All absent while nothing is pending: views are many, and most of them wait. */
  #newest: Map<SeriesEntry, Shown> | undefined;
  #late: Shown[] | undefined;
  #leftOut: LeftOut | undefined;

  constructor(bound: number = limits.lateFrameReadings) {
    this.#bound = bound;
  }

  add(shown: Shown): boolean {
    // The entry knows of this reading already: it is late if it did not become the newest.
    if (shown.reading.timeUs < shown.entry.timeUs) this.#addLate(shown);
    else (this.#newest ??= new Map()).set(shown.entry, shown);
    return false;
  }

  take(): readonly Shown[] {
    const newest = this.#newest === undefined ? [] : [...this.#newest.values()];
    const taken = this.#late === undefined ? newest : [...newest, ...this.#late];
    this.#newest = undefined;
    this.#late = undefined;
    return taken;
  }

  takeLeftOut(): LeftOut | undefined {
    const leftOut = this.#leftOut;
    this.#leftOut = undefined;
    return leftOut;
  }

  #addLate(shown: Shown): void {
    this.#late ??= [];
    if (this.#late.length < this.#bound) {
      this.#late.push(shown);
      return;
    }
    const startMs = Math.floor(shown.reading.timeUs / 1000);
    const { start = startMs, end = startMs, count = 0 } = this.#leftOut ?? {};
    this.#leftOut = { start: Math.min(start, startMs), end: Math.max(end, startMs + 1), count: count + 1 };
  }
}

/** Every reading in the order of commits. */
export class EveryPending implements Pending {
  readonly #bound: number;
  #readings: Shown[] = [];

  constructor(bound: number = limits.rawFrameReadings) {
    this.#bound = bound;
  }

  add(shown: Shown): boolean {
    return this.#readings.push(shown) >= this.#bound;
  }

  take(): readonly Shown[] {
    const taken = this.#readings;
    this.#readings = [];
    return taken;
  }

  /** A full frame goes out before the next reading. */
  takeLeftOut(): undefined {
    return undefined;
  }
}

/**
 * Spaces the frames of one view: the first after a pause goes at once, the next a window later. One timer at most,
 * and none while nothing is pending.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #flush: () => void;
  #dueMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor({ clock, maxHz, flush }: { clock: Clock; maxHz: number; flush: () => void }) {
    this.#clock = clock;
    this.#windowMs = 1000 / maxHz;
    this.#flush = flush;
  }

  /** Something is pending: flushes now, or when the window ends. */
  touch(): void {
    if (this.#cancel !== undefined) return;
    const waitMs = this.#dueMs - this.#clock.monotonicMs();
    if (waitMs <= 0) return this.#go();
    this.#cancel = this.#clock.after(waitMs, () => this.#go());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #go(): void {
    this.#cancel = undefined;
    this.#dueMs = this.#clock.monotonicMs() + this.#windowMs;
    this.#flush();
  }
}

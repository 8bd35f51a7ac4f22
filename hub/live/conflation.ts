/**
 * What a view holds back between two frames, and when the next frame is due.
 * `latest`: the newest reading per series, so at most one per series of the view. `raw`: every reading, in frames of a
 * bounded length.
 */
import { limits } from '#contract/limits.ts';
import type { Clock } from '#ports';
import type { Shown } from './frame-text.ts';
import type { SeriesEntry } from './latest-values.ts';

export interface Pending {
  /** @returns whether a frame holds no more: it must go out before the next reading */
  add(shown: Shown): boolean;
  /** Hands over what is pending, and is empty then. */
  take(): readonly Shown[];
}

/** Per window the newest reading of each series; a late one goes out only if nothing newer came in its window. */
export class NewestPending implements Pending {
  /** Absent while nothing is pending: views are many, and most of them wait. */
  #readings: Map<SeriesEntry, Shown> | undefined;

  add(shown: Shown): boolean {
    const { entry, reading } = shown;
    this.#readings ??= new Map();
    const pending = this.#readings.get(entry);
    if (pending === undefined || reading.timeUs >= pending.reading.timeUs) this.#readings.set(entry, shown);
    return false;
  }

  take(): readonly Shown[] {
    if (this.#readings === undefined) return [];
    const readings = [...this.#readings.values()];
    this.#readings = undefined;
    return readings;
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

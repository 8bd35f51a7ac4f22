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
  #newest: Newest | undefined;
  #late: Shown[] | undefined;
  #leftOut: LeftOut | undefined;

  constructor(bound: number = limits.lateFrameReadings) {
    this.#bound = bound;
  }

  add(shown: Shown): boolean {
    // The entry knows of this reading already: it is late if it did not become the newest.
    if (shown.reading.timeUs < shown.entry.timeUs) this.#addLate(shown);
    else (this.#newest ??= new Newest()).set(shown);
    return false;
  }

  take(): readonly Shown[] {
    const newest = this.#newest?.shown ?? [];
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

/** Up to here looking through a list is quicker than a map, and most frames of most views are no longer. */
const listedSeries = 16;

/** The newest reading of each series, in the order in which the series came. */
class Newest {
  readonly shown: Shown[] = [];
  /** Where each series stands in the list, once that is long. */
  #places: Map<SeriesEntry, number> | undefined = undefined;

  set(shown: Shown): void {
    const place = this.#placeOf(shown.entry);
    if (place !== undefined) {
      this.shown[place] = shown;
      return;
    }
    this.#places?.set(shown.entry, this.shown.length);
    this.shown.push(shown);
    if (this.shown.length === listedSeries)
      this.#places = new Map(this.shown.map(({ entry }, index) => [entry, index]));
  }

  #placeOf(entry: SeriesEntry): number | undefined {
    if (this.#places !== undefined) return this.#places.get(entry);
    for (let place = 0; place < this.shown.length; place += 1)
      if (this.shown[place]?.entry === entry) return place;
    return undefined;
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

/** A reading that is durable in no more than this does not hurry its frame. */
const commitMs = 2;
/** How much of a window a frame may leave early, and how much of its lateness the next one makes up for. */
const shift = 1 / 10;

/**
 * Spaces the frames of one view: the first after a pause goes at once, the next a window later. One timer at most,
 * and none while nothing is pending.
 *
 * Nothing is to be older than a window and a little when it is sent. Counted from frame to frame it would be: a reading
 * that arrives just before a frame, and is durable just after it, would wait for a whole window on top of its commit, and
 * late timers would add up. So a frame whose oldest reading has taken long to become durable leaves earlier, and windows
 * follow each other however late their frames were: on the average there are `maxHz` frames a second at most.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #due: () => void;
  /** When the window ends in which nothing more is sent. */
  #endMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor({ clock, maxHz, due }: { clock: Clock; maxHz: number; due: () => void }) {
    this.#clock = clock;
    this.#windowMs = 1000 / maxHz;
    this.#due = due;
  }

  /** Something is pending that arrived then: its frame is due now, or when the window ends. */
  touch(arrivedMs: number): void {
    if (this.#cancel !== undefined) return;
    const nowMs = this.#clock.monotonicMs();
    const wantedMs = arrivedMs + commitMs + this.#windowMs;
    const waitMs = Math.max(this.#endMs - shift * this.#windowMs, Math.min(this.#endMs, wantedMs)) - nowMs;
    if (waitMs <= 0) return this.#go(Math.max(nowMs, this.#endMs));
    this.#cancel = this.#clock.after(waitMs, () => this.#go(this.#endMs));
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** @param beginMs of the next window */
  #go(beginMs: number): void {
    this.#cancel = undefined;
    const earliestMs = this.#clock.monotonicMs() - shift * this.#windowMs;
    this.#endMs = Math.max(beginMs, earliestMs) + this.#windowMs;
    this.#due();
  }
}

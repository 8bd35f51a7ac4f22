/**
 * All series of one page, by device, metric and tags: takes history and live readings, keeps each in a ring, and
 * says which were touched. Booleans are drawn as 0 and 1; texts and absent values are not drawn.
 */
import { tagsKey } from '#contract/reading.ts';
import type { ReadingTuple, Tags, Value } from '#contract/reading.ts';
import type { HistorySeries } from '#contract/view.ts';
import { SeriesRing } from './ring.ts';

/** At most this many series per page: what is beyond is not drawn. */
const maxSeries = 500;

export interface BookSeries {
  readonly key: string;
  readonly device: string;
  readonly metric: string;
  readonly tags?: Tags | undefined;
  readonly ring: SeriesRing;
}

export interface BookOptions {
  /** Points per series. */
  readonly capacity: number;
  /** The bucket width to use where history does not tell one: 0 = raw points. */
  readonly bucketMs: number;
}

export class SeriesBook {
  readonly #options: BookOptions;
  readonly #series = new Map<string, BookSeries>();

  constructor(options: BookOptions) {
    this.#options = options;
  }

  all(): readonly BookSeries[] {
    return [...this.#series.values()];
  }

  /** @param key as a {@link BookSeries} carries it */
  find(key: string): BookSeries | undefined {
    return this.#series.get(key);
  }

  get(device: string, metric: string, tags?: Tags): BookSeries | undefined {
    return this.#series.get(keyOf(device, metric, tags));
  }

  /**
   * Replaces everything: history, then what was committed while it was read. The newest values say which readings
   * history already holds, and stand for series without any.
   */
  reset(parts: {
    readonly history: readonly HistorySeries[];
    readonly latest: readonly ReadingTuple[];
    readonly missed?: readonly ReadingTuple[];
  }): void {
    const { history, latest, missed = [] } = parts;
    this.#series.clear();
    this.load(history);
    const notInHistory = new Set(missed.map((tuple) => instantOf(tuple)));
    for (const tuple of latest) {
      const [device, metric, timeMs, value, , tags] = tuple;
      const number = toNumber(value);
      if (number === undefined || notInHistory.has(instantOf(tuple))) continue;
      const known = this.get(device, metric, tags);
      if (known === undefined) this.add([tuple]);
      else known.ring.remember(timeMs, number);
    }
    this.add(missed);
  }

  /** Adds more history: series that are not there yet. */
  load(history: readonly HistorySeries[]): void {
    const bucketMs = bucketWidthOf(history);
    for (const series of history) this.#load(series, bucketMs);
  }

  add(readings: readonly ReadingTuple[]): void {
    for (const [device, metric, timeMs, value, , tags] of readings) {
      const number = toNumber(value);
      if (number === undefined) continue;
      const series =
        this.get(device, metric, tags) ?? this.#open(device, metric, tags, this.#options.bucketMs);
      series?.ring.addReading(timeMs, number);
    }
  }

  /** Like {@link add}, but only for series that are there already. */
  continue(readings: readonly ReadingTuple[]): void {
    this.add(readings.filter(([device, metric, , , , tags]) => this.get(device, metric, tags) !== undefined));
  }

  #open(
    device: string,
    metric: string,
    tags: Tags | undefined,
    bucketMs: number,
    anchorMs = 0,
  ): BookSeries | undefined {
    if (this.#series.size >= maxSeries) return undefined;
    const key = keyOf(device, metric, tags);
    const ring = new SeriesRing({ capacity: this.#options.capacity, bucketMs, anchorMs });
    const series = { key, device, metric, tags, ring };
    this.#series.set(key, series);
    return series;
  }

  #load(history: HistorySeries, bucketMs: number | undefined): void {
    const { device, metric, tags, buckets, points } = history;
    if (buckets !== undefined && buckets.length > 0) {
      const opened = this.#open(device, metric, tags, bucketMs ?? this.#options.bucketMs, buckets[0]?.[0]);
      for (const [timeMs, min, max, mean, count, last] of buckets) {
        const fallback = toNumber(last);
        const middle = mean ?? fallback;
        if (middle === undefined) continue;
        opened?.ring.addPoint({ timeMs, min: min ?? middle, max: max ?? middle, mean: middle, count });
      }
      return;
    }
    const opened = this.#open(device, metric, tags, 0);
    for (const [timeMs, value] of points ?? []) {
      const number = toNumber(value);
      if (number !== undefined)
        opened?.ring.addPoint({ timeMs, min: number, max: number, mean: number, count: 1 });
    }
  }
}

/** The value as it is drawn, if it can be. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The distance of two neighbouring buckets: all series of one answer share one width. */
function bucketWidthOf(history: readonly HistorySeries[]): number | undefined {
  let width = Number.POSITIVE_INFINITY;
  for (const { buckets } of history) {
    for (let index = 1; index < (buckets?.length ?? 0); index += 1) {
      const step = (buckets?.[index]?.[0] ?? 0) - (buckets?.[index - 1]?.[0] ?? 0);
      if (step > 0 && step < width) width = step;
    }
  }
  return Number.isFinite(width) ? width : undefined;
}

function instantOf([device, metric, timeMs, , , tags]: ReadingTuple): string {
  return `${keyOf(device, metric, tags)} ${timeMs}`;
}

/** What tells the series of a group apart. */
export function keyOf(device: string, metric: string, tags: Tags | undefined): string {
  return `${device}/${metric}?${tagsKey(tags)}`;
}

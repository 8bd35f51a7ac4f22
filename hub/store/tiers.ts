/** The tiers of the history and how readings are folded into a bucket of any width. Pure. */
import type { Cells } from './rows.ts';

export const tierWidthUs = { minute: 60_000_000, hour: 3_600_000_000 } as const;

/** Coarsest last. Each width divides the next. */
export const tiers = ['minute', 'hour'] as const;

/** What a bucket knows of its readings: numbers in count, min, max and sum; the last one of any kind. */
export interface Fold {
  readonly series: number;
  /** Its start, µs. */
  readonly time: number;
  count: number;
  min: number;
  max: number;
  sum: number;
  lastTime: number;
  last: Cells;
}

const nothing: Cells = { value: null, text: null, flags: 0 };

export function emptyFold(series: number, time: number): Fold {
  return {
    series,
    time,
    count: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sum: 0,
    lastTime: Number.NEGATIVE_INFINITY,
    last: nothing,
  };
}

/** Of two readings of one instant the one that is folded later is the last. */
export function fold(bucket: Fold, time: number, cells: Cells, isNumber: boolean): void {
  if (isNumber && cells.value !== null) {
    bucket.count += 1;
    bucket.sum += cells.value;
    if (cells.value < bucket.min) bucket.min = cells.value;
    if (cells.value > bucket.max) bucket.max = cells.value;
  }
  if (time >= bucket.lastTime) {
    bucket.lastTime = time;
    bucket.last = cells;
  }
}

/** Folds a finished bucket of a tier into a wider one. */
export function foldIn(bucket: Fold, part: Omit<Fold, 'series' | 'time'>): void {
  bucket.count += part.count;
  if (part.count > 0) {
    bucket.sum += part.sum;
    bucket.min = Math.min(bucket.min, part.min);
    bucket.max = Math.max(bucket.max, part.max);
  }
  if (part.lastTime >= bucket.lastTime) {
    bucket.lastTime = part.lastTime;
    bucket.last = part.last;
  }
}

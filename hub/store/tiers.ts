/** The tiers of the history and how readings are folded into a bucket of any width. Pure. */
import { hasValue, isNumber, type Cells } from './rows.ts';

export const tierWidthUs = { minute: 60_000_000, hour: 3_600_000_000 } as const;

/** Coarsest last. Each width divides the next. */
export const tiers = ['minute', 'hour'] as const;

/** What a bucket knows of its readings: numbers in count, min, max and sum; the first and the last of any kind. */
export interface Fold {
  readonly series: number;
  /** Its start, µs. */
  readonly time: number;
  count: number;
  min: number;
  max: number;
  sum: number;
  /** Readings that have a value, of any kind. */
  readings: number;
  lastTime: number;
  last: Cells;
  /** Of readings that were folded one by one; a tier keeps no first. */
  firstTime: number;
  first: Cells;
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
    readings: 0,
    lastTime: Number.NEGATIVE_INFINITY,
    last: nothing,
    firstTime: Number.POSITIVE_INFINITY,
    first: nothing,
  };
}

/** Of two readings of one instant the one that is folded later is the last. */
export function fold(bucket: Fold, time: number, cells: Cells): void {
  const { value, flags } = cells;
  if (hasValue(flags)) bucket.readings += 1;
  if (value !== null && isNumber(flags)) {
    bucket.count += 1;
    bucket.sum += value;
    if (value < bucket.min) bucket.min = value;
    if (value > bucket.max) bucket.max = value;
  }
  if (time >= bucket.lastTime) {
    bucket.lastTime = time;
    bucket.last = cells;
  }
  foldFirst(bucket, time, cells);
}

export function foldFirst(bucket: Fold, time: number, cells: Cells): void {
  if (time >= bucket.firstTime) return;
  bucket.firstTime = time;
  bucket.first = cells;
}

/** Folds a finished bucket of a tier into a wider one. */
export function foldIn(bucket: Fold, part: Omit<Fold, 'series' | 'time' | 'firstTime' | 'first'>): void {
  bucket.count += part.count;
  bucket.readings += part.readings;
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

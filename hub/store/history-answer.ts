/** What the rows of the file look like in an answer: points, bands and columns. Pure. */
import type { Aggregate, RawPoint, SeriesName } from '#contract/view.ts';
import type { Value } from '#contract/reading.ts';
import { packRows, type PackedRows } from './packed.ts';
import { qualityOf, tagsOfText, valueOf, type Cells } from './rows.ts';
import type { Fold } from './tiers.ts';

export interface SeriesHead {
  readonly id: number;
  readonly device: string;
  readonly metric: string;
  /** As the table `series` has them. */
  readonly tags: string;
  /** µs: what is older is gone, or going. */
  readonly floor: number;
}

export interface TimedCells extends Cells {
  readonly time: number;
}

export function named({ device, metric, tags }: SeriesHead): SeriesName {
  const parsed = tagsOfText(tags);
  return parsed === undefined ? { device, metric } : { device, metric, tags: parsed };
}

export function toPoint({ time, value, text, flags }: TimedCells): RawPoint {
  const quality = qualityOf(flags);
  const timeMs = time / 1000;
  const shown = valueOf(value, text, flags);
  return quality === 'good' ? [timeMs, shown] : [timeMs, shown, quality];
}

const columns: Readonly<Record<Aggregate, (bucket: Fold) => Value>> = {
  mean: ({ count, sum }) => (count === 0 ? null : sum / count),
  min: ({ count, min }) => (count === 0 ? null : min),
  max: ({ count, max }) => (count === 0 ? null : max),
  sum: ({ count, sum }) => (count === 0 ? null : sum),
  last: ({ last }) => shownOf(last),
  first: ({ first }) => shownOf(first),
  count: ({ readings }) => readings,
};

const band: readonly Aggregate[] = ['min', 'max', 'mean', 'count', 'last'];

/** @param aggregates absent: the band */
export function packBuckets(
  buckets: readonly Fold[],
  aggregates: readonly Aggregate[] | undefined,
): PackedRows {
  return packRows(
    buckets,
    (aggregates ?? band).map((aggregate) => columns[aggregate]),
  );
}

/** The `limit` oldest of all series together; among equals the earlier series first. */
export function keepOldest(
  all: readonly (readonly TimedCells[])[],
  limit: number,
): readonly (readonly TimedCells[])[] {
  const times = all.flatMap((rows) => rows.map(({ time }) => time)).toSorted((a, b) => a - b);
  const last = times[limit - 1] ?? 0;
  let ofLast = limit - times.findIndex((time) => time === last);
  return all.map((rows) => rows.filter(({ time }) => time < last || (time === last && ofLast-- > 0)));
}

function shownOf({ value, text, flags }: Cells): Value {
  return valueOf(value, text, flags);
}

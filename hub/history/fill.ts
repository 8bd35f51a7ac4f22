/**
 * What stands in buckets without a reading, as InfluxQL's `fill()` has it; `count` is 0 there whatever was asked for.
 * Spec: InfluxDB 1.8, InfluxQL, "GROUP BY time intervals and fill()". Pure.
 */
import type { Value } from '#contract/reading.ts';
import type { Aggregate, AggregateRow, Fill } from '#contract/view.ts';

export interface Grid {
  /** Width of a bucket, ms. */
  readonly window: number;
  /** Epoch ms; buckets from the one that holds `start` to the last that begins before `end`. */
  readonly start: number;
  readonly end: number;
  readonly aggregates: readonly Aggregate[];
}

/** @param rows of one series, oldest first */
export function fillRows(
  rows: readonly AggregateRow[],
  fill: Fill,
  { window, start, end, aggregates }: Grid,
): readonly AggregateRow[] {
  if (fill === 'none') return rows;
  const filled: AggregateRow[] = [];
  let next = 0;
  // Counted in buckets: adding fractions of milliseconds up would drift away from the times of the rows.
  const last = Math.max(Math.ceil(end / window) - 1, Math.round((rows.at(-1)?.[0] ?? 0) / window));
  for (let bucket = Math.floor(start / window); bucket <= last; bucket += 1) {
    const row = rows[next];
    if (row !== undefined && Math.round(row[0] / window) <= bucket) {
      filled.push(row);
      next += 1;
    } else filled.push(between(rows[next - 1], row, { time: bucket * window, aggregates, fill }));
  }
  return filled;
}

function between(
  before: AggregateRow | undefined,
  after: AggregateRow | undefined,
  {
    time,
    aggregates,
    fill,
  }: { readonly time: number; readonly aggregates: readonly Aggregate[]; readonly fill: Fill },
): AggregateRow {
  const values = aggregates.map((aggregate, index): Value => {
    if (aggregate === 'count') return 0;
    const known = before?.[index + 1] ?? null;
    if (fill === 'previous') return known;
    if (fill !== 'linear' || before === undefined || after === undefined) return null;
    const next = after[index + 1];
    if (typeof known !== 'number' || typeof next !== 'number') return null;
    return known + ((next - known) * (time - before[0])) / (after[0] - before[0]);
  });
  return [time, ...values];
}

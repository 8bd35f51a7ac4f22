/**
 * Answers with many buckets as they cross from the reader thread: numbers side by side in one array instead of an array
 * for each bucket, which cost more to hand over than to find. Pure.
 */
import type { Value } from '#contract/reading.ts';
import type { AggregateRow, BucketPoint, HistoryAnswer, HistorySeries, SeriesName } from '#contract/view.ts';

export interface PackedRows {
  /** Cells of a row, its time among them. */
  readonly width: number;
  /** NaN where a cell is no number. */
  readonly cells: Float64Array;
  /** The cells that are no number. */
  readonly others: readonly (readonly [index: number, value: Value])[];
}

export interface PackedSeries extends SeriesName {
  readonly points?: HistorySeries['points'];
  readonly packed?: PackedRows | undefined;
}

export interface PackedAnswer extends Omit<HistoryAnswer, 'series'> {
  readonly series: readonly PackedSeries[];
  /** The rows are those of named aggregates; else bands. */
  readonly areNamed?: boolean | undefined;
}

/** @param valuesOf a row's cells after its time, always as many */
export function packRows<Item extends { readonly time: number }>(
  items: readonly Item[],
  columns: readonly ((item: Item) => Value)[],
): PackedRows {
  const width = columns.length + 1;
  const cells = new Float64Array(items.length * width);
  const others: [number, Value][] = [];
  let at = 0;
  for (const item of items) {
    cells[at] = item.time / 1000;
    at += 1;
    for (const column of columns) {
      const value = column(item);
      if (typeof value === 'number') cells[at] = value;
      else {
        cells[at] = Number.NaN;
        others.push([at, value]);
      }
      at += 1;
    }
  }
  return { width, cells, others };
}

export function unpackAnswer({ series, areNamed, ...answer }: PackedAnswer): HistoryAnswer {
  return {
    ...answer,
    series: series.map(({ packed, ...one }): HistorySeries => {
      if (packed === undefined) return one;
      const rows = unpackRows(packed);
      // As wide as the columns that were asked for.
      return areNamed === true
        ? { ...one, rows }
        : { ...one, buckets: rows as unknown as readonly BucketPoint[] };
    }),
  };
}

function unpackRows({ width, cells, others }: PackedRows): readonly AggregateRow[] {
  const rows: Value[][] = width === bandWidth ? bandsOf(cells) : [];
  if (rows.length === 0)
    for (let at = 0; at < cells.length; at += width) rows.push([...cells.subarray(at, at + width)]);
  for (const [index, value] of others) {
    const row = rows[Math.floor(index / width)];
    if (row !== undefined) row[index % width] = value;
  }
  return rows as unknown as readonly AggregateRow[];
}

const bandWidth = 6;

/** An array that is written out is made several times as quickly as one that is copied from cells. */
function bandsOf(cells: Float64Array): Value[][] {
  const rows: Value[][] = [];
  for (let at = 0; at < cells.length; at += bandWidth)
    rows.push([
      cells[at] ?? null,
      cells[at + 1] ?? null,
      cells[at + 2] ?? null,
      cells[at + 3] ?? null,
      cells[at + 4] ?? null,
      cells[at + 5] ?? null,
    ]);
  return rows;
}

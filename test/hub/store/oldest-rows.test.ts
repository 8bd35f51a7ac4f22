import { array, assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oldestRows, type RowSource } from '../../../hub/store/oldest-rows.ts';

interface Row {
  readonly time: number;
}

/** Counts what is read of it. */
class Series implements RowSource<Row> {
  readonly rows: readonly Row[];
  read = 0;

  constructor(rows: readonly Row[]) {
    this.rows = rows;
  }

  next(most: number): readonly Row[] {
    const rows = this.rows.slice(this.read, this.read + most);
    this.read += rows.length;
    return rows;
  }
}

const rowsAt = (times: readonly number[]): readonly Row[] =>
  times.toSorted((a, b) => a - b).map((time) => ({ time }));

describe('The oldest rows of many series', () => {
  test('hold every row that is among the oldest of all, from the first of each series on', () => {
    const times = array(integer({ min: 0, max: 300 }), { maxLength: 200 });
    assert(
      property(array(times, { maxLength: 8 }), integer({ min: 1, max: 400 }), (all, limit) => {
        const sources = all.map((one) => new Series(rowsAt(one)));
        const found = oldestRows(sources, limit);
        const last = all.flat().toSorted((a, b) => a - b)[limit - 1] ?? Number.POSITIVE_INFINITY;
        sources.forEach(({ rows }, index) => {
          const own = found[index] ?? [];
          expect(own).toEqual(rows.slice(0, own.length));
          expect(own.length).toBeGreaterThanOrEqual(rows.filter(({ time }) => time <= last).length);
        });
      }),
    );
  });

  test('are found without reading all of a long series, be it one of two thousand or each of a hundred', () => {
    const rows = rowsAt(Array.from({ length: 100_000 }, (_, index) => index));
    const dense = new Series(rows);
    const sparse = Array.from({ length: 1999 }, () => new Series(rowsAt([5, 50_000, 90_000])));
    oldestRows([dense, ...sparse], 20_000);
    expect(dense.read).toBeLessThan(40_000);

    const alike = Array.from({ length: 100 }, () => new Series(rows));
    oldestRows(alike, 20_000);
    expect(alike.reduce((sum, { read }) => sum + read, 0)).toBeLessThan(60_000);
  });
});

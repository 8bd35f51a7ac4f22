import { describe, expect, test } from 'vitest';
import type { AggregateRow } from '#contract/view.ts';
import { fillRows } from '../../../hub/history/fill.ts';

const grid = { window: 10, start: 5, end: 55, aggregates: ['mean', 'last', 'count'] } as const;
const rows: readonly AggregateRow[] = [
  [10, 1, 'on', 2],
  [40, 4, 'off', 1],
];
const filled = (fill: 'none' | 'null' | 'previous' | 'linear') => fillRows(rows, fill, grid);

describe('InfluxQL, fill()', () => {
  test('none leaves empty buckets out', () => {
    expect(filled('none')).toBe(rows);
  });

  test('null says that there is nothing, from the bucket that holds the start to the last before the end', () => {
    expect(filled('null')).toEqual([
      [0, null, null, 0],
      [10, 1, 'on', 2],
      [20, null, null, 0],
      [30, null, null, 0],
      [40, 4, 'off', 1],
      [50, null, null, 0],
    ]);
  });

  test('previous repeats the bucket before, and nothing before the first', () => {
    expect(filled('previous').map(([, mean, last]) => [mean, last])).toEqual([
      [null, null],
      [1, 'on'],
      [1, 'on'],
      [1, 'on'],
      [4, 'off'],
      [4, 'off'],
    ]);
  });

  test('linear draws a line between numbers, and none beyond them or between texts', () => {
    expect(filled('linear').map(([, mean, last]) => [mean, last])).toEqual([
      [null, null],
      [1, 'on'],
      [2, null],
      [3, null],
      [4, 'off'],
      [null, null],
    ]);
  });

  test('widths of a fraction of a millisecond keep the times of the rows', () => {
    const narrow = { window: 0.1, start: 0, end: 0.4, aggregates: ['mean'] } as const;
    expect(fillRows([[0.3, 7]], 'null', narrow)).toEqual([
      [0, null],
      [0.1, null],
      [0.2, null],
      [0.3, 7],
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import type { Value } from '#contract/reading.ts';
import { packRows, unpackAnswer, type PackedAnswer } from '../../../hub/store/packed.ts';

const items: readonly { readonly time: number; readonly cells: readonly Value[] }[] = [
  { time: 1_780_000_000_000_001, cells: [1.5, 'on', 3] },
  { time: 2000, cells: [null, true, 0] },
];
const columns = [0, 1, 2].map(
  (index) =>
    (item: (typeof items)[number]): Value =>
      item.cells[index] ?? null,
);
const rows = [
  [1_780_000_000_000.001, 1.5, 'on', 3],
  [2, null, true, 0],
];

function crossed(answer: PackedAnswer) {
  return unpackAnswer(structuredClone(answer));
}

describe('Buckets on their way between threads', () => {
  const series = [{ device: 'd', metric: 'm', packed: packRows(items, columns) }];

  test('are the rows that they were, whatever their cells are', () => {
    expect(crossed({ truncated: false, window: 1, areNamed: true, series })).toEqual({
      truncated: false,
      window: 1,
      series: [{ device: 'd', metric: 'm', rows }],
    });
  });

  test('are the same in the width of a band, which has a way of its own', () => {
    const band = items.map(({ time }, index) => ({
      time,
      cells: [index, null, 2.5, 'on', true] satisfies Value[],
    }));
    const five = [0, 1, 2, 3, 4].map((column) => (item: (typeof band)[number]): Value => {
      return item.cells[column] ?? null;
    });
    const wide = [{ device: 'd', metric: 'm', packed: packRows(band, five) }];
    expect(crossed({ truncated: false, window: 1, series: wide }).series[0]?.buckets).toEqual([
      [1_780_000_000_000.001, 0, null, 2.5, 'on', true],
      [2, 1, null, 2.5, 'on', true],
    ]);
  });

  test('are bands when no aggregate was named', () => {
    expect(crossed({ truncated: false, areNamed: false, series }).series[0]?.buckets).toEqual(rows);
  });

  test('raw points are left as they are', () => {
    const points = [[1, 2] as const];
    const answer = { truncated: true, series: [{ device: 'd', metric: 'm', points }] };
    expect(crossed(answer)).toEqual(answer);
  });
});

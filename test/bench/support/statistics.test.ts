import { describe, expect, test } from 'vitest';
import { median, percentile, short, spread } from './statistics.ts';
import { table } from './table.ts';

describe('figures', () => {
  test('the median is the middle, or between the two middle ones', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
    expect(() => median([])).toThrow('no values');
  });

  test('the spread is a share of the median', () => {
    expect(spread([8, 10, 12])).toBeCloseTo(0.4);
  });

  test('a percentile is one of the values', () => {
    expect([percentile([5, 1, 3], 0.5), percentile([5, 1, 3], 1), percentile([], 0.5)]).toEqual([3, 5, NaN]);
  });

  test('numbers have three digits', () => {
    expect([1234.5, 0.012345, 12.3, Number.NaN].map(short)).toEqual(['1,230', '0.0123', '12.3', '-']);
  });

  test('a table lines up', () => {
    expect(
      table(
        ['', 'n'],
        [
          ['a', '1'],
          ['long', '10'],
        ],
      ),
    ).toBe('       n\n────  ──\na      1\nlong  10');
  });
});

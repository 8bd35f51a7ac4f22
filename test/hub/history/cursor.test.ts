import { describe, expect, test } from 'vitest';
import type { HistoryAnswer, RawPoint } from '#contract/view.ts';
import { cursorAfter, parseCursor, withoutGiven } from '../../../hub/history/cursor.ts';

function answer(...series: readonly (readonly RawPoint[])[]): HistoryAnswer {
  return {
    series: series.map((points, index) => ({ device: `d${index}`, metric: 'm', points })),
    truncated: true,
  };
}

describe('A cursor', () => {
  test('is the last instant that was given, in µs, and how many readings of it', () => {
    expect(
      cursorAfter(
        answer(
          [
            [1, 1],
            [2.001, 2],
          ],
          [[2.001, 3]],
        ),
        undefined,
      ),
    ).toBe('2001-2');
  });

  test('counts on when a page ends at the instant where it began', () => {
    expect(cursorAfter(answer([[2, 9]]), { time: 2, given: 3 })).toBe('2000-4');
    expect(cursorAfter(answer([[3, 9]]), { time: 2, given: 3 })).toBe('3000-1');
    expect(cursorAfter(answer(), undefined)).toBeUndefined();
  });

  test('leaves out what was given, series by series', () => {
    const { series } = withoutGiven(
      answer(
        [[2, 1]],
        [
          [2, 2],
          [3, 3],
        ],
      ),
      { time: 2, given: 1 },
    );
    expect(series.map(({ device, points }) => [device, points])).toEqual([
      [
        'd1',
        [
          [2, 2],
          [3, 3],
        ],
      ],
    ]);
  });

  test('is read back, and nothing else is', () => {
    expect(parseCursor('2001-2')).toEqual({ time: 2.001, given: 2 });
    for (const text of ['', '2001', '-1-2', '2001-2x', '1e9-1'])
      expect(() => parseCursor(text)).toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
  });
});

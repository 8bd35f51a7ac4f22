import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketsIn, windowFor } from '../../../hub/history/window.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;

describe('How wide a bucket is', () => {
  for (const [range, maxPoints, width] of [
    [15 * 60_000, 1000, 1000],
    [hour, 500, 10_000],
    [day, 500, 5 * 60_000],
    [7 * day, 500, 30 * 60_000],
    [365 * day, 500, day],
  ] as const)
    test(`${range / hour} hours on ${maxPoints} points: ${width / 1000} s`, () => {
      expect(windowFor({ start: now - range, end: now }, maxPoints)).toBe(width);
    });

  test('the number of buckets is never more than was asked for', () => {
    const time = fc.integer({ min: 0, max: 2 * now });
    fc.assert(
      fc.property(time, time, fc.integer({ min: 1, max: 20_000 }), (a, b, maxPoints) => {
        const range = { start: Math.min(a, b), end: Math.max(a, b) + 1 };
        expect(bucketsIn(range, windowFor(range, maxPoints))).toBeLessThanOrEqual(maxPoints);
      }),
    );
  });

  test('a range of any place has one bucket when one point was asked for', () => {
    expect(bucketsIn({ start: now - day, end: now }, windowFor({ start: now - day, end: now }, 1))).toBe(1);
  });
});

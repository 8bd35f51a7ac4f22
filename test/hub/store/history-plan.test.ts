import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planSegments } from '../../../hub/store/history-plan.ts';

const minute = 60_000_000;
const hour = 60 * minute;

describe('Where a range is read from', () => {
  test('buckets narrower than a minute come from the raw readings', () => {
    expect(planSegments(0, hour, minute / 2)).toEqual([{ from: 'raw', start: 0, end: hour }]);
  });

  test('whole minutes come from their tier, the ends from the raw readings', () => {
    expect(planSegments(minute / 2, 3 * minute + 1, minute)).toEqual([
      { from: 'raw', start: minute / 2, end: minute },
      { from: 'minute', start: minute, end: 3 * minute },
      { from: 'raw', start: 3 * minute, end: 3 * minute + 1 },
    ]);
  });

  test('hours come from their tier, with minutes and raw readings around them', () => {
    expect(planSegments(hour - minute - 1, 3 * hour + minute, hour).map(({ from }) => from)).toEqual([
      'raw',
      'minute',
      'hour',
      'minute',
    ]);
  });

  test('a width that is no multiple of a tier does not use it', () => {
    expect(planSegments(0, hour, 90_000_000).map(({ from }) => from)).toEqual(['raw']);
  });

  test('the segments cover every range once, in order', () => {
    const time = fc.integer({ min: 0, max: 100 * hour });
    fc.assert(
      fc.property(time, time, fc.constantFrom(1000, minute, 5 * minute, hour, 24 * hour), (a, b, width) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        let reached = start;
        for (const segment of planSegments(start, end, width)) {
          expect(segment.start).toBe(reached);
          expect(segment.end).toBeGreaterThan(segment.start);
          reached = segment.end;
        }
        expect(reached).toBe(end);
      }),
    );
  });
});

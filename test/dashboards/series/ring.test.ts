import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeriesRing } from '../../../dashboards/series/ring.ts';

function pointsOf(ring: SeriesRing): number[][] {
  return Array.from({ length: ring.length }, (_, index) => [
    ring.timeAt(index),
    ring.minAt(index),
    ring.maxAt(index),
    ring.meanAt(index),
  ]);
}

describe('A series ring', () => {
  test('keeps points in order of time, wherever they come in', () => {
    const ring = new SeriesRing({ capacity: 10 });
    for (const at of [5, 1, 3, 2, 4]) ring.addReading(at, at * 10);
    expect(pointsOf(ring).map(([time, , , mean]) => [time, mean])).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
      [5, 50],
    ]);
  });

  test('holds no more than its capacity: the oldest go, and what is older still does not come in', () => {
    const ring = new SeriesRing({ capacity: 3 });
    for (const at of [1, 2, 3, 4, 5]) ring.addReading(at, at);
    ring.addReading(0, 0);
    expect(pointsOf(ring).map(([time]) => time)).toEqual([3, 4, 5]);
  });

  test('merges readings into the bucket of their time, with extremes and mean', () => {
    const ring = new SeriesRing({ capacity: 10, bucketMs: 10, anchorMs: 3 });
    for (const [at, value] of [
      [13, 4],
      [14, 8],
      [22, 0],
      [23, 7],
    ] as const)
      ring.addReading(at, value);
    expect(pointsOf(ring)).toEqual([
      [13, 0, 8, 4],
      [23, 7, 7, 7],
    ]);
  });

  test('continues the last bucket of history instead of starting another', () => {
    const ring = new SeriesRing({ capacity: 10, bucketMs: 10 });
    ring.addPoint({ timeMs: 20, min: 1, max: 3, mean: 2, count: 3 });
    ring.addReading(25, 6);
    expect(pointsOf(ring)).toEqual([[20, 1, 6, 3]]);
  });

  test('the same reading twice changes nothing; two values of one instant in raw points leave the newer', () => {
    const ring = new SeriesRing({ capacity: 10 });
    ring.addReading(1, 5);
    const { version } = ring;
    ring.addReading(1, 5);
    expect(ring.version).toBe(version);
    ring.addReading(1, 6);
    expect(pointsOf(ring)).toEqual([[1, 6, 6, 6]]);
  });

  test('a reading that history already holds is recognised when it comes live', () => {
    const ring = new SeriesRing({ capacity: 10, bucketMs: 10 });
    ring.addPoint({ timeMs: 0, min: 2, max: 2, mean: 2, count: 1 });
    ring.remember(5, 100);
    ring.addReading(5, 100);
    expect(pointsOf(ring)).toEqual([[0, 2, 2, 2]]);
  });

  test('finds the first point at or after an instant', () => {
    const ring = new SeriesRing({ capacity: 4 });
    for (const at of [10, 20, 30, 40, 50]) ring.addReading(at, 0);
    expect([ring.indexOf(0), ring.indexOf(30), ring.indexOf(31), ring.indexOf(99)]).toEqual([0, 1, 2, 4]);
  });

  test('whatever comes in whatever order, it holds the newest distinct times in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 80 }), (times) => {
        const ring = new SeriesRing({ capacity: 200 });
        for (const at of times) ring.addReading(at, at);
        expect(pointsOf(ring).map(([time]) => time)).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { sparkPaths } from '../../../dashboards/charts/sparkline.ts';
import { SeriesRing } from '../../../dashboards/series/ring.ts';

const minute = 60_000;
const edges = { start: 0, end: 10 * minute };

function ringOf(...points: readonly (readonly [minutes: number, mean: number])[]): SeriesRing {
  const ring = new SeriesRing({ capacity: 20, bucketMs: minute });
  for (const [at, mean] of points)
    ring.addPoint({ timeMs: at * minute, min: mean, max: mean, mean, count: 1 });
  return ring;
}

describe('The paths of a sparkline', () => {
  test('run from the lowest to the highest mean, with what lies under them', () => {
    const paths = sparkPaths(ringOf([0, 5], [2, 9], [4, 7]), edges);
    expect(paths.line).toBe('M0 42L20 2L40 22');
    expect(paths.area).toBe('M0 44L0 42L20 2L40 22L40 44Z');
  });

  test('leave a gap where nothing was measured for a while', () => {
    expect(sparkPaths(ringOf([0, 5], [1, 9], [9, 5], [10, 9]), edges).line).toBe('M0 42L10 2M90 42L100 2');
  });

  test('a line that is flat lies in the middle, and a single point is a short dash', () => {
    expect(sparkPaths(ringOf([2, 5], [4, 5]), edges).line).toBe('M20 22L40 22');
    expect(sparkPaths(ringOf([2, 5]), edges).line).toBe('M20 22L21 22');
  });

  test('what is older than the edge does not count, and nothing is nothing', () => {
    const [now, later] = [ringOf([0, 99], [6, 1], [8, 2]), { start: 5 * minute, end: 10 * minute }];
    expect(sparkPaths(now, later).line).toBe('M20 42L60 2');
    for (const ring of [undefined, ringOf(), ringOf([1, 5])])
      expect(sparkPaths(ring, later)).toEqual({ line: '', area: '' });
  });
});

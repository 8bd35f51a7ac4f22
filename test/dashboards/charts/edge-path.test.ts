import { expect, test } from 'vitest';
import type uPlot from 'uplot';
import { edgePath } from '../../../dashboards/charts/edge-path.ts';

const paths: uPlot.Series.Paths = {};
const draw = edgePath(() => paths);

/** Time, then mean, lowest and highest of two series. */
function plot(first: readonly number[][], second: readonly number[][]): uPlot {
  return { data: [[0, 1, 2], ...first, ...second] } as unknown as uPlot;
}

const single = [
  [1, 2, 3],
  [1, 2, 3],
  [1, 2, 3],
];
const spiked = [
  [1, 2, 3],
  [1, 2, 3],
  [1, 9, 3],
];

test('single readings have no edges beside their line', () => {
  expect([2, 3].map((line) => draw(plot(single, spiked), line, 0, 2))).toEqual([null, null]);
});

test('an edge is drawn where a point has an extreme of its own, of each series by itself', () => {
  expect(draw(plot(single, spiked), 6, 0, 2)).toBe(paths);
  expect(draw(plot(single, spiked), 5, 0, 2)).toBeNull();
});

test('only what is in view counts', () => {
  expect(draw(plot(single, spiked), 6, 2, 2)).toBeNull();
});

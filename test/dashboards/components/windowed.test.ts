import { expect, test } from 'vitest';
import { rowsNear } from '../../../dashboards/components/windowed.ts';

test('of ten thousand rows those on the screen are drawn, and a few around them', () => {
  expect(rowsNear(100, 900, 10_000, 100)).toEqual({ from: 0, to: 11 });
  expect(rowsNear(-50_000, 900, 10_000, 100)).toEqual({ from: 497, to: 512 });
  expect(rowsNear(-999_900, 900, 10_000, 100)).toEqual({ from: 9996, to: 10_000 });
});

test('of a list that is far below or above the screen nothing is drawn', () => {
  expect(rowsNear(5000, 900, 10, 100)).toEqual({ from: 0, to: 0 });
  expect(rowsNear(-5000, 900, 10, 100)).toEqual({ from: 0, to: 0 });
});

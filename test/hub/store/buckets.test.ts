import { expect, test } from 'vitest';
import { Buckets } from '../../../hub/store/buckets.ts';

test('a time falls into the bucket that begins at a multiple of the width', () => {
  const buckets = new Buckets(1, 10);
  expect([buckets.at(0).time, buckets.at(9).time, buckets.at(10).time]).toEqual([0, 0, 10]);
  expect(buckets.at(-1).time).toBe(-10);
  expect(buckets.at(9)).toBe(buckets.at(0));
});

test('buckets are told in order, whatever order their times came in, and none that is empty', () => {
  const buckets = new Buckets(1, 10);
  for (const time of [35, 12, 31, 19]) buckets.at(time);
  expect(buckets.inOrder().map(({ time }) => time)).toEqual([10, 30]);
});

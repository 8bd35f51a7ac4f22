import { describe, expect, test } from 'vitest';
import { flagsOf } from '../../../hub/store/rows.ts';
import { emptyFold, fold, foldIn } from '../../../hub/store/tiers.ts';

const flags = flagsOf({ value: 1, quality: 'good', stampedBy: 'device' });
const cells = (value: number) => ({ value, text: null, flags });

describe('Folding readings into a bucket', () => {
  test('keeps count, extremes, sum and the last by time', () => {
    const bucket = emptyFold(1, 0);
    fold(bucket, 20, cells(5));
    fold(bucket, 10, cells(-3));
    expect(bucket).toMatchObject({ count: 2, min: -3, max: 5, sum: 2, lastTime: 20, last: { value: 5 } });
  });

  test('a text is the last value but counts as no number', () => {
    const bucket = emptyFold(1, 0);
    fold(bucket, 10, cells(4));
    fold(bucket, 20, { value: null, text: 'off', flags: 0 });
    expect(bucket).toMatchObject({ count: 1, sum: 4, last: { text: 'off' } });
  });

  test('a finished bucket folds into a wider one like its readings would', () => {
    const wide = emptyFold(1, 0);
    const minute = emptyFold(1, 0);
    fold(wide, 10, cells(1));
    fold(minute, 20, cells(9));
    fold(minute, 30, cells(2));
    foldIn(wide, minute);
    expect(wide).toMatchObject({ count: 3, min: 1, max: 9, sum: 12, lastTime: 30, last: { value: 2 } });
  });

  test('a bucket without numbers leaves the extremes alone', () => {
    const wide = emptyFold(1, 0);
    fold(wide, 10, cells(1));
    foldIn(wide, { ...emptyFold(1, 0), lastTime: 20, last: { value: null, text: 'x', flags: 0 } });
    expect(wide).toMatchObject({ count: 1, min: 1, max: 1, last: { text: 'x' } });
  });
});

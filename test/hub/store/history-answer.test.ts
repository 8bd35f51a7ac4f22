import { describe, expect, test } from 'vitest';
import type { Aggregate } from '#contract/view.ts';
import { keepOldest, named, packBuckets, toPoint } from '../../../hub/store/history-answer.ts';
import { unpackAnswer } from '../../../hub/store/packed.ts';
import { flagsOf } from '../../../hub/store/rows.ts';
import { emptyFold, fold } from '../../../hub/store/tiers.ts';

const number = flagsOf({ value: 1, quality: 'good', stampedBy: 'device' });
const text = flagsOf({ value: 'x', quality: 'uncertain', stampedBy: 'device' });
const cells = (value: number) => ({ value, text: null, flags: number });
const at = (...times: number[]) => times.map((time) => ({ time, ...cells(time) }));

describe('What an answer shows', () => {
  test('a series with its tags, if it has any', () => {
    const names = { id: 1, floor: 0, device: 'd', metric: 'm' };
    expect(named({ ...names, tags: '' })).toEqual({ device: 'd', metric: 'm' });
    expect(named({ ...names, tags: '{"cpu":"0"}' })).toMatchObject({ tags: { cpu: '0' } });
  });

  test('a quality only when it is not good', () => {
    expect(toPoint({ time: 1500, ...cells(2) })).toEqual([1.5, 2]);
    expect(toPoint({ time: 0, value: null, text: 'on', flags: text })).toEqual([0, 'on', 'uncertain']);
  });

  test('a bucket as a band or as columns, without numbers when it has none', () => {
    const bucket = emptyFold(1, 1000);
    const shown = (aggregates?: readonly Aggregate[]) =>
      unpackAnswer({
        truncated: false,
        areNamed: aggregates !== undefined,
        series: [{ device: 'd', metric: 'm', packed: packBuckets([bucket], aggregates) }],
      }).series[0];
    fold(bucket, 1000, { value: null, text: 'on', flags: text });
    expect(shown()?.buckets).toEqual([[1, null, null, null, 1, 'on']]);
    fold(bucket, 1500, cells(4));
    expect(shown()?.buckets).toEqual([[1, 4, 4, 4, 2, 4]]);
    expect(shown(['first', 'last', 'sum', 'count'])?.rows).toEqual([[1, 'on', 4, 4, 2]]);
  });

  test('the oldest of several series, at one instant the earlier series first', () => {
    const kept = keepOldest([at(1, 3), at(2, 3)], 3);
    expect(kept.map((rows) => rows.map(({ time }) => time))).toEqual([[1, 3], [2]]);
  });
});

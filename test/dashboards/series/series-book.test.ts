import { describe, expect, test } from 'vitest';
import type { BucketPoint, RawPoint } from '#contract/view.ts';
import { SeriesBook, toNumber } from '../../../dashboards/series/series-book.ts';

const bucket = (timeMs: number, mean: number): BucketPoint => [timeMs, mean - 1, mean + 1, mean, 4, mean];

describe('A series book', () => {
  test('joins history and live without a hole or a double', () => {
    const book = new SeriesBook({ capacity: 100, bucketMs: 10 });
    const history = [{ device: 'd', metric: 'm', buckets: [bucket(0, 5), bucket(10, 6), bucket(20, 7)] }];
    book.reset({ history, latest: [['d', 'm', 24, 7]] });
    // The newest value is in the last bucket already; the next reading continues that bucket, the one after opens one.
    book.add([
      ['d', 'm', 24, 7],
      ['d', 'm', 26, 12],
      ['d', 'm', 31, 8],
    ]);
    const ring = book.get('d', 'm')?.ring;
    expect([0, 1, 2, 3].map((index) => ring?.timeAt(index))).toEqual([0, 10, 20, 30]);
    expect(ring?.meanAt(2)).toBe(8);
    expect(ring?.maxAt(2)).toBe(12);
  });

  test('what was committed while history was read comes after it, its newest reading included', () => {
    const book = new SeriesBook({ capacity: 100, bucketMs: 10 });
    const history = [{ device: 'd', metric: 'm', buckets: [bucket(0, 5), bucket(10, 6)] }];
    book.reset({
      history,
      latest: [['d', 'm', 31, 9]],
      missed: [
        ['d', 'm', 21, 8],
        ['d', 'm', 31, 9],
      ],
    });
    book.add([['d', 'm', 31, 9]]);
    const ring = book.get('d', 'm')?.ring;
    expect([0, 1, 2, 3].map((index) => [ring?.timeAt(index), ring?.meanAt(index)])).toEqual([
      [0, 5],
      [10, 6],
      [20, 8],
      [30, 9],
    ]);
  });

  test('takes the bucket width from history, whatever was expected', () => {
    const book = new SeriesBook({ capacity: 100, bucketMs: 1000 });
    book.reset({
      history: [{ device: 'd', metric: 'm', buckets: [bucket(0, 1), bucket(50, 1), bucket(200, 1)] }],
      latest: [],
    });
    expect(book.get('d', 'm')?.ring.bucketMs).toBe(50);
  });

  test('raw points stay raw', () => {
    const book = new SeriesBook({ capacity: 100, bucketMs: 10 });
    const points: RawPoint[] = [
      [1, 5],
      [2, 6],
      [3, null, 'bad'],
      [4, 'text'],
    ];
    book.reset({ history: [{ device: 'd', metric: 'm', points }], latest: [] });
    book.add([['d', 'm', 5, 7]]);
    expect(book.get('d', 'm')?.ring.length).toBe(3);
  });

  test('series with different tags are different series', () => {
    const book = new SeriesBook({ capacity: 10, bucketMs: 0 });
    book.add([
      ['d', 'cpu', 1, 1, 'good', { cpu: '0' }],
      ['d', 'cpu', 1, 2, 'good', { cpu: '1' }],
    ]);
    expect(book.all()).toHaveLength(2);
    expect(book.get('d', 'cpu', { cpu: '1' })?.ring.meanAt(0)).toBe(2);
  });

  test('continuing adds nothing that is not there', () => {
    const book = new SeriesBook({ capacity: 10, bucketMs: 0 });
    book.continue([['d', 'm', 1, 1]]);
    expect(book.all()).toEqual([]);
  });

  test('draws booleans as 0 and 1, and neither texts nor values that are none', () => {
    expect([true, false, 'x', null, Number.NaN, 3].map((value) => toNumber(value))).toEqual([
      1,
      0,
      undefined,
      undefined,
      undefined,
      3,
    ]);
  });
});

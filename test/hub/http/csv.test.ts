import { describe, expect, test } from 'vitest';
import { historyToCsv, toCell } from '../../../hub/http/csv.ts';

describe('cells', () => {
  const cells: readonly [string | number | boolean | null, string][] = [
    ['=cmd()', "'=cmd()"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['|calc', "'|calc"],
    [-1.5, '-1.5'],
    [1e21, '1e+21'],
    [true, 'true'],
    [null, ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['="x"', '"\'=""x"""'],
    ['a=b', 'a=b'],
  ];
  for (const [value, cell] of cells)
    test(`${JSON.stringify(value)} is ${JSON.stringify(cell)}`, () => expect(toCell(value)).toBe(cell));
});

describe('history', () => {
  test('raw points have value and quality, and keep their microseconds', () => {
    const csv = historyToCsv({
      truncated: false,
      series: [
        {
          device: 'a',
          metric: 'm',
          tags: { cpu: '0' },
          points: [
            [1_780_000_000_000.25, 1],
            [1_780_000_000_001, null, 'bad'],
          ],
        },
      ],
    });
    expect(csv.split('\r\n')).toEqual([
      'device,metric,tags,time,value,quality',
      'a,m,cpu=0,2026-05-28T20:26:40.000250Z,1,good',
      'a,m,cpu=0,2026-05-28T20:26:40.001Z,,bad',
      '',
    ]);
  });

  test('buckets have their aggregates', () => {
    const csv = historyToCsv({
      window: 1000,
      truncated: false,
      series: [{ device: 'a', metric: 'm', buckets: [[0, 1, 3, 2, 2, 3]] }],
    });
    expect(csv).toBe(
      'device,metric,tags,time,min,max,mean,count,last\r\na,m,,1970-01-01T00:00:00.000Z,1,3,2,2,3\r\n',
    );
  });
});

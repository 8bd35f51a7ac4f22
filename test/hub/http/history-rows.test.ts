import { describe, expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { columnsOf, csvLines, ndjsonLines } from '../../../hub/http/history-rows.ts';

const at = 1_780_000_000_000;
const raw: HistoryAnswer = {
  truncated: false,
  series: [
    {
      device: 'a',
      metric: 'm',
      tags: { cpu: '0' },
      points: [
        [at + 0.25, 1],
        [at + 1, null, 'bad'],
      ],
    },
  ],
};

describe('Raw points', () => {
  const columns = columnsOf({});

  test('have value and quality in CSV, and keep their microseconds', () => {
    const { header, lines } = csvLines(columns);
    expect((header + lines(raw)).split('\r\n')).toEqual([
      'device,metric,tags,time,value,quality',
      'a,m,cpu=0,2026-05-28T20:26:40.000250Z,1,good',
      'a,m,cpu=0,2026-05-28T20:26:40.001Z,,bad',
      '',
    ]);
  });

  test('are an object a line in NDJSON, with a quality that is not good', () => {
    const { header, lines } = ndjsonLines(columns);
    expect((header + lines(raw)).split('\n')).toEqual([
      `{"device":"a","metric":"m","tags":{"cpu":"0"},"ts":${at + 0.25},"value":1}`,
      `{"device":"a","metric":"m","tags":{"cpu":"0"},"ts":${at + 1},"value":null,"quality":"bad"}`,
      '',
    ]);
  });
});

describe('Buckets', () => {
  test('are a band', () => {
    const { header, lines } = csvLines(columnsOf({ window: 1000 }));
    const series = [{ device: 'a', metric: 'm', buckets: [[0, 1, 3, 2, 2, 3]] as const }];
    expect(header + lines({ window: 1000, truncated: false, series })).toBe(
      'device,metric,tags,time,min,max,mean,count,last\r\na,m,,1970-01-01T00:00:00.000Z,1,3,2,2,3\r\n',
    );
  });

  test('or the aggregates that were asked for', () => {
    const { lines } = ndjsonLines(columnsOf({ maxPoints: 5, aggregates: ['first', 'count'] }));
    const series = [{ device: 'a', metric: 'm', rows: [[0, 'on', 2]] as const }];
    expect(lines({ window: 1000, truncated: false, series })).toBe(
      '{"device":"a","metric":"m","ts":0,"first":"on","count":2}\n',
    );
  });
});

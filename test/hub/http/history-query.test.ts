import { describe, expect, test } from 'vitest';
import { parseHistoryQuery } from '../../../hub/http/history-query.ts';

const now = 1_780_000_000_000;

describe('A query string for history', () => {
  test('without a range is the last hour', () => {
    expect(parseHistoryQuery(['pump'], {}, now)).toEqual({ devices: ['pump'], start: now - 3_600_000 });
    expect(parseHistoryQuery(['pump'], { end: '5000000' }, now)).toMatchObject({ start: 1_400_000 });
  });

  test('names aggregates by commas or again and again, each known and once', () => {
    expect(parseHistoryQuery(['pump'], { aggregates: 'mean,max' }, now).aggregates).toEqual(['mean', 'max']);
    expect(parseHistoryQuery(['pump'], { aggregates: ['last', 'count'] }, now).aggregates).toEqual([
      'last',
      'count',
    ]);
    for (const aggregates of ['median', 'mean,mean'])
      expect(() => parseHistoryQuery(['pump'], { aggregates }, now)).toThrow(
        expect.objectContaining({ status: 400, code: 'invalid-aggregates' }),
      );
  });
});

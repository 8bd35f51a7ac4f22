import { HttpError, RequestTimedOutError } from '@influxdata/influxdb-client';
import { describe, expect, test } from 'vitest';
import { conflictOf, judge } from '../../../bridges/influxdb/answers.ts';

const nowMs = Date.parse('2026-06-01T12:00:00Z');

function answer(status: number, body = '', headers: Readonly<Record<string, string>> = {}) {
  return judge(new HttpError(status, 'x', body, undefined, undefined, undefined, headers), nowMs);
}

describe('What an answer of InfluxDB means', () => {
  for (const status of [400, 422])
    test(`${status}: some of it can never be stored`, () => {
      expect(answer(status, '{"error":"unable to parse"}')).toMatchObject({
        kind: 'refused',
        dropped: undefined,
      });
    });

  test('a partial write says how many lines were dropped', () => {
    const body = '{"error":"partial write: points beyond retention policy dropped=12"}';
    expect(answer(400, body)).toMatchObject({ kind: 'refused', dropped: 12 });
  });

  test('413: too large as a whole', () => {
    expect(answer(413)).toMatchObject({ kind: 'too-large' });
  });

  for (const status of [301, 401, 402, 403, 404, 405, 409])
    test(`${status}: a person must act`, () => {
      expect(answer(status)).toMatchObject({ kind: 'blocked', status });
    });

  for (const status of [408, 425, 429, 500, 502, 503, 504])
    test(`${status}: later`, () => {
      expect(answer(status)).toMatchObject({ kind: 'later', afterMs: undefined });
    });

  test('whatever is no answer at all: later', () => {
    expect(judge(new RequestTimedOutError(), nowMs)).toMatchObject({ kind: 'later' });
    expect(judge(Object.assign(new Error(''), { code: 'ECONNREFUSED' }), nowMs)).toMatchObject({
      kind: 'later',
      message: 'ECONNREFUSED',
    });
  });

  for (const [header, afterMs] of [
    ['2', 2000],
    ['Mon, 01 Jun 2026 12:00:07 GMT', 7000],
    ['Mon, 01 Jun 2026 11:00:00 GMT', 0],
    ['86400', 600_000],
    ['soon', undefined],
  ] as const)
    test(`Retry-After: ${header}`, () => {
      expect(answer(429, '', { 'retry-after': header })).toMatchObject({ kind: 'later', afterMs });
    });

  test('a field of another type is named, as 1.x and 2.x quote it', () => {
    const conflict = { field: 'n', measurement: 'home', type: 'integer' };
    const body =
      '{"error":"partial write: field type conflict: input field \\"n\\" on measurement \\"home\\" is type float, already exists as type integer dropped=1"}';
    expect(conflictOf(body)).toEqual(conflict);
    expect(conflictOf(body.replaceAll('\\', ''))).toEqual(conflict);
    expect(conflictOf('partial write: points beyond retention policy dropped=1')).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import * as statements from '../../../bridges/influxdb/statements.ts';

const temp = { base: 'temp', fields: [{ name: 'temp', isNumber: true }], quality: 'temp_quality' };
const state = {
  base: 'state',
  fields: [
    { name: 'state', isNumber: true },
    { name: 'state_string', isNumber: false },
  ],
  quality: undefined,
};
const source = { measurement: 'ho"me', condition: 'time >= 1u', metrics: [temp, state] };

describe('Raw points', () => {
  test('are all fields of the metrics, by quoted names', () => {
    expect(statements.rawStatement(source, 11)).toBe(
      String.raw`SELECT "temp", "temp_quality", "state", "state_string" FROM "ho\"me" WHERE time >= 1u GROUP BY * ORDER BY time LIMIT 11`,
    );
  });

  test('are those of each metric that are there, with quality', () => {
    const rows = [
      [1000, 21.5, null, null, 'on'],
      [2500, null, null, 1, null],
      [3000, 22, 'uncertain', 2, 'both'],
      [4000, 23, 'nonsense', null, null],
    ];
    expect(statements.rawPoints([temp, state], rows)).toEqual([
      [
        [1, 21.5],
        [3, 22, 'uncertain'],
        [4, 23],
      ],
      [
        [1, 'on'],
        [2.5, 1],
        [3, 2],
        [3, 'both'],
      ],
    ]);
  });
});

describe('The last value', () => {
  test('is one field with its quality, so that its time is its own', () => {
    const one = { field: 'temp', quality: 'temp_quality' };
    expect(statements.lastStatement(source, one)).toBe(
      String.raw`SELECT last("temp"), "temp_quality" FROM "ho\"me" WHERE time >= 1u GROUP BY *`,
    );
    expect(statements.lastPoint([5000, 3, 'stale'], one)).toEqual([5, 3, 'stale']);
    expect(statements.lastPoint([], one)).toBeUndefined();
  });
});

describe('Buckets', () => {
  test('are folded by the database: numbers whole, others as far as they go', () => {
    expect(statements.bucketStatement({ ...source, metrics: [state] }, 60e6)).toBe(
      'SELECT min("state"), max("state"), sum("state"), count("state"), first("state"), last("state"), ' +
        'count("state_string"), first("state_string"), last("state_string") ' +
        String.raw`FROM "ho\"me" WHERE time >= 1u GROUP BY time(60000000u), * fill(none)`,
    );
  });

  test('of a field and those beside it are one; empty ones are left out', () => {
    const rows = [
      [0, 1, 3, 4, 2, 1, 3, 1, 'on', 'on'],
      [60e6, null, null, null, null, null, null, 2, 'off', 'on'],
      [120e6, null, null, null, null, null, null, null, null, null],
    ];
    const [buckets = []] = statements.bucketsOf([state], rows);
    expect(buckets.map(statements.toBand)).toEqual([
      [0, 1, 3, 2, 3, 3],
      [60_000, null, null, null, 2, 'on'],
    ]);
    const columns = ['count', 'sum', 'first', 'last', 'min', 'mean', 'max'] as const;
    expect(buckets.map((bucket) => statements.toRow(bucket, columns))).toEqual([
      [0, 3, 4, 1, 3, 1, 2, 3],
      [60_000, 2, null, 'off', 'on', null, null, null],
    ]);
  });
});

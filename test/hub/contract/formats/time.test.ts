import { describe, expect, test } from 'vitest';
import { parseTime, parseWireTime } from '#contract/formats/time.ts';

describe('the wire form: epoch ms or RFC 3339', () => {
  const exact: readonly [unknown, number][] = [
    [1_780_000_000_000, 1_780_000_000_000_000],
    [1_780_000_000_000.25, 1_780_000_000_000_250],
    [0, 0],
    [-1, -1000],
    ['2026-06-01T12:00:00Z', 1_780_315_200_000_000],
    ['2026-06-01T14:00:00.5+02:00', 1_780_315_200_500_000],
    ['2026-06-01T12:00:00.123456789Z', 1_780_315_200_123_456],
    ['2026-06-01 12:00:00Z', 1_780_315_200_000_000],
    ['2016-12-31T23:59:60Z', 1_483_228_800_000_000],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000_000],
  ];
  for (const [input, expected] of exact)
    test(`${JSON.stringify(input)} is ${expected} µs`, () => expect(parseWireTime(input)).toBe(expected));

  const wrong: readonly unknown[] = [
    '2026-06-01T12:00:00',
    '2026-06-01',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00+24:00',
    '1780000000000',
    '',
    'now',
    NaN,
    Infinity,
    1e18,
    null,
    true,
    {},
    12n,
  ];
  for (const input of wrong)
    test(`${typeof input} ${String(input)} is no wire time`, () =>
      expect(parseWireTime(input)).toBeUndefined());
});

describe('foreign times, told by their magnitude', () => {
  const same = 1_780_000_000_123_456;
  for (const input of [1_780_000_000.123456, '1780000000.123456', same, String(same), '1780000000123456789'])
    test(`${typeof input} ${input} is the same instant`, () => expect(parseTime(input)).toBe(same));

  test('milliseconds keep their fractions', () => expect(parseTime(1_780_000_000_123.456)).toBe(same));
  test('nanoseconds as a bigint lose nothing above a microsecond', () =>
    expect(parseTime(1_780_000_000_123_456_789n)).toBe(same));
  test('whole seconds as digits', () => expect(parseTime(' 1780000000 ')).toBe(1_780_000_000_000_000));
  test('an unset clock stays near 1970, for ingest to judge', () => expect(parseTime(1.61)).toBe(1_610_000));
  test('RFC 3339 with its zone', () =>
    expect(parseTime('2026-06-01T12:00:00+00:00')).toBe(1_780_315_200_000_000));
  for (const input of [
    '2021-10-03T11:05:21',
    '2021-10-03 11:05:21',
    '@0.145080s',
    '',
    'abc',
    '1e9',
    null,
    undefined,
    NaN,
  ])
    test(`${String(input)} cannot be placed`, () => expect(parseTime(input)).toBeUndefined());
});

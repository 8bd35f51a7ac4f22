import { describe, expect, test } from 'vitest';
import { toCell, toCsv, toTime } from '#contract/formats/csv.ts';

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

test('a row is a line, also the last', () => {
  expect(
    toCsv([
      ['a', 'b'],
      [1, undefined],
    ]),
  ).toBe('a,b\r\n1,\r\n');
});

describe('times', () => {
  test('keep their microseconds', () => {
    expect(toTime(1_780_000_000_000.25)).toBe('2026-05-28T20:26:40.000250Z');
    expect(toTime(1_780_000_000_000.999)).toBe('2026-05-28T20:26:40.000999Z');
    expect(toTime(0)).toBe('1970-01-01T00:00:00.000Z');
  });
});

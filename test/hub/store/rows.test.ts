import { describe, expect, test } from 'vitest';
import { qualities, type Value } from '#contract/reading.ts';
import {
  flagsOf,
  formOf,
  hasValue,
  isLine,
  isNumber,
  isText,
  lineOfText,
  lineToText,
  numberCell,
  qualityOf,
  stampOf,
  tagsOfText,
  tagsToText,
  valueKey,
  valueOf,
} from '../../../hub/store/rows.ts';

function cellsOf(value: Value) {
  const flags = flagsOf({ value, quality: 'good', stampedBy: 'device' });
  const cell = numberCell(value);
  return { value: Number.isNaN(cell) ? null : cell, text: typeof value === 'string' ? value : null, flags };
}

describe('A reading as cells', () => {
  for (const value of [0, 21.5, -1e300, true, false, '', 'on', null] satisfies Value[])
    test(`${JSON.stringify(value)} comes back as it was`, () => {
      const cells = cellsOf(value);
      expect(valueOf(cells.value, cells.text, cells.flags)).toBe(value);
    });

  for (const quality of qualities)
    test(`keeps the quality ${quality}`, () => {
      expect(qualityOf(flagsOf({ value: 1, quality, stampedBy: 'hub' }))).toBe(quality);
    });

  test('keeps whose clock it was and whether it may be a repeat', () => {
    const repeat = flagsOf({ value: 'x', quality: 'bad', stampedBy: 'hub', possibleDuplicate: true });
    expect(stampOf(repeat)).toEqual({ stampedBy: 'hub', possibleDuplicate: true });
    expect(stampOf(flagsOf({ value: 'x', quality: 'bad', stampedBy: 'device' }))).toEqual({
      stampedBy: 'device',
    });
  });

  test('true, 1 and "1" are different values, 0 and -0 are one', () => {
    const keys = [true, 1, '1', null, 'null', ''].map((value) => valueKey(cellsOf(value)));
    expect(new Set(keys).size).toBe(6);
    expect(valueKey(cellsOf('1'))).toBe(keys[2]);
    expect(valueKey(cellsOf(-0))).toBe(valueKey(cellsOf(0)));
  });
});

describe('A reading that came as line protocol', () => {
  const line = { measurement: 'cpu', tags: { host: 'a' }, field: 'usage' };
  const flagsOfLine = (form?: 'integer' | 'unsigned', value: Value = 1): number =>
    flagsOf({ value, quality: 'stale', stampedBy: 'device', line, form });

  test('is told from others, with the form of its number', () => {
    const others = flagsOf({ value: 1, quality: 'good', stampedBy: 'device' });
    expect([isLine(others), formOf(others)]).toEqual([false, undefined]);
    for (const form of [undefined, 'integer', 'unsigned'] as const)
      expect([isLine(flagsOfLine(form)), formOf(flagsOfLine(form))]).toEqual([true, form]);
  });

  test('has the same kind, quality and value as any other', () => {
    expect([isNumber(flagsOfLine('integer')), isText(flagsOfLine('unsigned', '9'))]).toEqual([true, true]);
    expect(qualityOf(flagsOfLine('unsigned'))).toBe('stale');
    const cells = { value: 1, text: null };
    expect(valueKey({ ...cells, flags: flagsOfLine('integer') })).toBe(
      valueKey({ ...cells, flags: flagsOf({ value: 1, quality: 'good', stampedBy: 'hub' }) }),
    );
  });

  test('has a value or none, as any other', () => {
    expect([hasValue(flagsOfLine('integer')), hasValue(flagsOfLine(undefined, null))]).toEqual([true, false]);
  });

  test('has its names as a text', () => {
    expect(lineOfText(lineToText(line))).toEqual(line);
    expect(lineOfText('')).toBeUndefined();
  });
});

describe('A tag set as text', () => {
  test('is the same in any order of its keys', () => {
    expect(tagsToText({ cpu: '0', host: 'a' })).toBe(tagsToText({ host: 'a', cpu: '0' }));
  });

  test('comes back, and nothing for none', () => {
    expect(tagsOfText(tagsToText({ host: 'a,b=c' }))).toEqual({ host: 'a,b=c' });
    expect(tagsOfText(tagsToText(undefined))).toBeUndefined();
    expect(tagsOfText(tagsToText({}))).toBeUndefined();
  });
});

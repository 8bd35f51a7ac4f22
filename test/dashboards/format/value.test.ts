import { describe, expect, test } from 'vitest';
import { ValueFormatter } from '../../../dashboards/format/value.ts';

const english = new ValueFormatter({ locale: 'en', on: 'on', off: 'off' });
const german = new ValueFormatter({ locale: 'de', on: 'an', off: 'aus' });

describe('A value', () => {
  test('has the digits of its metric, the unit, and the separators of the reader', () => {
    expect(english.value(21.4, { unit: 'Cel', precision: 1 })).toEqual({ text: '21.4', unit: '°C' });
    expect(english.value(21, { precision: 1 }).text).toBe('21.0');
    expect(german.value(1234.5, { precision: 1 }).text).toBe('1.234,5');
  });

  test('without a precision it has four significant digits and no false zeros', () => {
    expect(
      [0, 0.012345, 1.23456, 12.3456, 123.456, 1234.56, 98_765.4].map((value) => english.number(value)),
    ).toEqual(['0', '0.01235', '1.235', '12.35', '123.5', '1,235', '98,765']);
  });

  test('very large and very small numbers are scientific, negative ones have a real minus', () => {
    expect([6.02e23, 0.0000012, -5].map((value) => english.number(value))).toEqual([
      '6.02E23',
      '1.2E\u22126',
      '\u22125',
    ]);
  });

  test('on and off are words, an absent value is a dash, a text is text', () => {
    expect(english.value(true).text).toBe('on');
    expect(german.value(false).text).toBe('aus');
    expect(english.value(null, { unit: 'Cel' })).toEqual({ text: '–', unit: '' });
    expect(english.value(undefined).text).toBe('–');
    expect(english.value('<b>open</b>\u202E').text).toBe('<b>open</b>');
  });

  test('in a small place it has no more digits than fit', () => {
    expect(
      [7965.505, 10_847.25, 21.43, 0.5].map((value) => english.compact(value, { precision: 3 }).text),
    ).toEqual(['7,965.5', '10,847', '21.430', '0.500']);
  });

  test('bytes come in the unit that fits', () => {
    expect(english.value(1_907_000_000, { unit: 'By' })).toEqual({ text: '1.9', unit: 'GB' });
    expect([512, 48_213_000, 118_400_000].map((bytes) => english.bytes(bytes))).toEqual([
      { text: '512', unit: 'B' },
      { text: '48.2', unit: 'MB' },
      { text: '118', unit: 'MB' },
    ]);
  });
});

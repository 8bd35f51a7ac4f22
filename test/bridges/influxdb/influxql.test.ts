import { describe, expect, test } from 'vitest';
import {
  likeOneOf,
  oneOf,
  quoteName,
  quoteText,
  StatementError,
  tablesOf,
} from '../../../bridges/influxdb/influxql.ts';

/** RE2's `\x{…}` is JavaScript's `\u{…}`. */
const matches = (expression: string, text: string): boolean =>
  new RegExp(expression.slice(1, -1).replaceAll(String.raw`\x{`, String.raw`\u{`), 'u').test(text);

describe('Names and texts', () => {
  test('no quote, backslash or newline of theirs ends them', () => {
    expect(quoteName('a"b\\c\nd\'')).toBe(String.raw`"a\"b\\c\nd'"`);
    expect(quoteText('a\'b\\c\nd"')).toBe(String.raw`'a\'b\\c\nd"'`);
  });
});

describe('Regular expressions', () => {
  const nasty = [
    'a.b',
    '.*',
    'a|b',
    '$',
    '/',
    "'; DROP DATABASE x; --",
    '\\',
    '日本',
    'a b',
    '(',
    '[x]',
    'a\nb',
  ];

  for (const text of nasty)
    test(`${JSON.stringify(text)} matches itself and no other`, () => {
      const expression = oneOf([text]);
      expect(expression.slice(1, -1)).not.toMatch(/[/'"\n]/);
      expect(
        [text, ...nasty.filter((other) => other !== text), 'axb', ''].map((other) =>
          matches(expression, other),
        ),
      ).toEqual([true, ...Array.from({ length: nasty.length + 1 }, () => false)]);
    });

  test('a star is any run of characters, and nothing else is special', () => {
    const expression = likeOneOf(['cpu.*', 'state']);
    expect(
      ['cpu.', 'cpu.usage', 'state', 'cpux', 'mystate', 'states'].map((text) => matches(expression, text)),
    ).toEqual([true, true, true, false, false, false]);
  });
});

describe('Answers', () => {
  test('are tables, statement by statement', () => {
    const series = [{ name: 'cpu', tags: { host: 'a' }, columns: ['time', 'v'], values: [[1, 2]] }];
    expect(tablesOf({ results: [{ statement_id: 0, series }, { statement_id: 1 }] })).toEqual([series, []]);
    expect(tablesOf({})).toEqual([]);
    expect(tablesOf(undefined)).toEqual([]);
  });

  test('of a statement that was refused are an error', () => {
    expect(() => tablesOf({ results: [{ error: 'database not found: x' }] })).toThrow(StatementError);
    expect(() => tablesOf({ error: 'error parsing query' })).toThrow('error parsing query');
  });
});

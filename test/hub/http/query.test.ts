import { describe, expect, test } from 'vitest';
import { parseNames, parseQueryTime, withoutUndefined } from '../../../hub/http/query.ts';

describe('A time in a query', () => {
  const noon = Date.parse('2026-06-01T12:00:00Z');
  for (const text of [String(noon), '2026-06-01T12:00:00Z', '2026-06-01T14:00:00+02:00'])
    test(`${text} is an instant in epoch ms`, () => expect(parseQueryTime('start', text)).toBe(noon));

  test('may have fractions of a millisecond', () => {
    expect(parseQueryTime('start', `${noon}.25`)).toBe(noon + 0.25);
  });

  test('that is not there is none', () => expect(parseQueryTime('start', undefined)).toBeUndefined());

  for (const text of ['', 'now', '2026-06-01', '2026-06-01T12:00:00', '1e3', '0x10', ' 1', 'Infinity'])
    test(`${JSON.stringify(text)} is refused, by its name`, () => {
      expect(() => parseQueryTime('end', text)).toThrow(
        expect.objectContaining({
          name: 'RequestError',
          status: 400,
          code: 'invalid-time',
          message: expect.stringContaining('`end`'),
        }),
      );
    });
});

describe('Names in a query', () => {
  test('are separated by commas or by being named again', () => {
    expect(parseNames('a,b')).toEqual(['a', 'b']);
    expect(parseNames(['a', 'b,c'])).toEqual(['a', 'b', 'c']);
  });

  test('of which there are none mean all, and not nothing', () => {
    for (const none of [undefined, '', ',', []]) expect(parseNames(none)).toBeUndefined();
  });
});

test('what is undefined is left out, what is null or false stays', () => {
  expect(withoutUndefined({ a: undefined, b: null, c: false })).toStrictEqual({ b: null, c: false });
});

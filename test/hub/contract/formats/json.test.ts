import { describe, expect, test } from 'vitest';
import { isPlainObject, parseJson, pointerTo, walkJson } from '#contract/formats/json.ts';

const leavesOf = (value: unknown, except?: readonly string[]): readonly (readonly [string, unknown])[] => {
  const leaves: [string, unknown][] = [];
  walkJson(value, (path, leaf) => leaves.push([pointerTo('/at', path), leaf]), except);
  return leaves;
};
const nest = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('parsing', () => {
  test('integers beyond 2^53 are kept digit for digit, all others are numbers', () => {
    expect(
      parseJson('{"a":9007199254740993,"b":-9007199254740993,"c":9007199254740991,"d":1.5,"e":1e30}'),
    ).toEqual({
      a: '9007199254740993',
      b: '-9007199254740993',
      c: 9007199254740991,
      d: 1.5,
      e: 1e30,
    });
  });

  test('a long number inside a text is left alone', () => {
    expect(parseJson('["9007199254740993", 1.00000000000000001]')).toEqual(['9007199254740993', 1]);
  });

  test('keys of the object prototype are ordinary own properties and pollute nothing', () => {
    for (const digits of ['1', '9007199254740993']) {
      const value = parseJson(`{"__proto__":{"polluted":${digits}},"constructor":1}`) as object;
      expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    }
  });

  test('a byte order mark and trailing NULs are taken off', () => {
    expect(parseJson('\uFEFF{"a":1}\0\0')).toEqual({ a: 1 });
  });

  for (const text of [
    '',
    'NaN',
    '{"a":NaN}',
    '{"a":Infinity}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":1}x',
    '[1',
    '\0',
  ])
    test(`${JSON.stringify(text)} is not JSON`, () => {
      expect(() => parseJson(text)).toThrow(
        expect.objectContaining({ name: 'FormatError', code: 'invalid-json' }),
      );
    });

  test('32 levels are read, 33 are refused, and 100,000 do not break the stack', () => {
    expect(() => parseJson(nest(32))).not.toThrow();
    for (const levels of [33, 100_000])
      expect(() => parseJson(nest(levels))).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });
});

describe('walking', () => {
  test('each scalar comes with the keys that lead to it, in the order of the document', () => {
    expect(leavesOf({ a: { 'b/c': [1, { '~': null }] }, d: 'x', e: {}, f: [] })).toEqual([
      ['/at/a/b~1c/0', 1],
      ['/at/a/b~1c/1/~0', null],
      ['/at/d', 'x'],
    ]);
  });

  test('a scalar is its own only leaf', () => {
    expect(leavesOf(5)).toEqual([['/at', 5]]);
  });

  test('keys are left out where the document begins, and nowhere else', () => {
    expect(leavesOf({ ts: 1, a: { ts: 2 } }, ['ts'])).toEqual([['/at/a/ts', 2]]);
  });

  test('what JSON has no form for is handed on as it is', () => {
    const bytes = new Uint8Array([1]);
    expect(leavesOf({ bytes })).toEqual([['/at/bytes', bytes]]);
    expect(isPlainObject(new Date())).toBe(false);
    expect(isPlainObject(Object.create(null))).toBe(true);
  });

  test('values that never were JSON text are held to the same depth', () => {
    let value: unknown = 1;
    for (let level = 0; level < 33; level += 1) value = { a: value };
    expect(() => leavesOf(value)).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });
});

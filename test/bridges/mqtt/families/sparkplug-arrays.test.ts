import { describe, expect, test } from 'vitest';
import { readArray, shortestFloat } from '../../../../bridges/mqtt/families/sparkplug-arrays.ts';

const read = (datatype: number, hex: string) => readArray(datatype, Uint8Array.fromHex(hex));

describe('Sparkplug 3.0, 6.4.16, array types', () => {
  for (const [title, datatype, hex, values] of [
    ['Int8Array', 22, 'efff', [-17, -1]],
    ['Int16Array', 23, '30803000', [-32_720, 48]],
    ['Int32Array', 24, 'ffffffff', [-1]],
    ['Int64Array', 25, 'feffffffffffffff', [-2]],
    ['UInt8Array', 26, '17fa', [23, 250]],
    ['UInt16Array', 27, '1e00ffff', [30, 65_535]],
    ['UInt32Array', 28, 'ffffffff', [4_294_967_295]],
    ['UInt64Array', 29, 'ffffffffffffffff', ['18446744073709551615']],
    ['FloatArray', 30, 'cdcc4441', [12.3]],
    ['DoubleArray', 31, '000000000000f03f', [1]],
    ['StringArray', 33, '6f6e006f666600', ['on', 'off']],
    ['DateTimeArray', 34, '001a0e839e010000', ['2026-06-01T12:00:00.000Z']],
  ] as const)
    test(title, () => expect(read(datatype, hex)).toEqual(values));

  test('BooleanArray: a count, then bits from the highest', () =>
    expect(read(32, '0c00000034d0')).toEqual([0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1].map((bit) => bit === 1)));

  for (const [why, datatype, hex] of [
    ['a part of an element is left', 23, 'ff'],
    ['there are fewer bits than counted', 32, 'ff00000001'],
    ['a text has no end', 33, '6f6e'],
    ['it is a file', 18, '00'],
  ] as const)
    test(`no array: ${why}`, () => expect(read(datatype, hex)).toBeUndefined());
});

test('a float of 32 bits is written with the fewest digits that mean it', () => {
  expect(shortestFloat(Math.fround(0.1))).toBe(0.1);
  expect(shortestFloat(Math.fround(16_777_217))).toBe(16_777_216);
});

import { describe, expect, test } from 'vitest';
import { decodeJsonScalar, decodeScalar, type Scalar } from '#contract/formats/scalar.ts';

const good = (value: Scalar['value']): Scalar => ({ value, quality: 'good' });
const bad: Scalar = { value: null, quality: 'bad' };

describe('a text payload', () => {
  const cases: readonly [string, Scalar][] = [
    ['21.5', good(21.5)],
    ['-0', good(0)],
    ['+1', good(1)],
    ['.5', good(0.5)],
    ['5.', good(5)],
    ['1e3', good(1000)],
    [' 20.00\n', good(20)],
    ['\uFEFF7\0', good(7)],
    ['ON', good(true)],
    ['off', good(false)],
    ['True', good(true)],
    ['FALSE', good(false)],
    ['nan', bad],
    ['NaN', bad],
    ['-inf', bad],
    ['1e999', bad],
    ['unavailable', bad],
    ['unknown', bad],
    ['null', bad],
    ['', bad],
    ['9007199254740993', { value: '9007199254740993', quality: 'uncertain' }],
    ['9007199254740991', good(9007199254740991)],
    ['21,5', { value: 21.5, quality: 'uncertain' }],
    ['21.5 °C', { value: 21.5, quality: 'good', unit: 'Cel' }],
    ['21.5C', { value: 21.5, quality: 'good', unit: 'Cel' }],
    ['98%', { value: 98, quality: 'good', unit: '%' }],
    ['1.2e3 W', { value: 1200, quality: 'good', unit: 'W' }],
    ['-5 dBm', { value: -5, quality: 'good', unit: 'dB[mW]' }],
    ['12 monkeys', good('12 monkeys')],
    ['1.2.3', good('1.2.3')],
    ['2026-06-01', good('2026-06-01')],
    ['0x1f', good('0x1f')],
    ['online', good('online')],
  ];
  for (const [text, expected] of cases)
    test(`${JSON.stringify(text)} is ${JSON.stringify(expected)}`, () =>
      expect(decodeScalar(text)).toEqual(expected));

  test('a long run of digits is looked at in linear time', () => {
    const text = `${'1'.repeat(100_000)}x`;
    expect(decodeScalar(text)).toEqual(good(text));
  });
});

describe('a scalar of JSON', () => {
  const cases: readonly [unknown, Scalar | undefined][] = [
    [1.5, good(1.5)],
    [true, good(true)],
    ['1', good('1')],
    ['ON', good('ON')],
    ['nan', bad],
    ['Unavailable', bad],
    ['unknown', good('unknown')],
    [null, bad],
    [NaN, bad],
    [-Infinity, bad],
    ['9007199254740993', { value: '9007199254740993', quality: 'uncertain' }],
    [{}, undefined],
    [new Uint8Array(1), undefined],
    [undefined, undefined],
  ];
  for (const [value, expected] of cases)
    test(`${typeof value} ${String(value)} is ${JSON.stringify(expected)}`, () =>
      expect(decodeJsonScalar(value)).toEqual(expected));
});

import { encode as toMessagePack } from '@msgpack/msgpack';
import { encode as toCbor } from 'cbor2';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binaryFormatOf, decodeBinary, guessBinaryFormat } from '#contract/formats/binary.ts';
import { parseJson } from '#contract/formats/json.ts';

const cbor = (hex: string): unknown => decodeBinary(Buffer.from(hex, 'hex'), 'cbor');
const msgpack = (hex: string): unknown => decodeBinary(Buffer.from(hex, 'hex'), 'msgpack');

describe('RFC 8949', () => {
  for (const [hex, value] of [
    ['a16161f93c00', { a: 1 }],
    ['bf616101ff', { a: 1 }],
    ['a16161f7', { a: null }],
    ['a16161c48221196ab3', { a: 273.15 }],
    ['a16161c5822003', { a: 1.5 }],
    ['a16161c11a5e0be100', { a: '2020-01-01T00:00:00.000Z' }],
    ['a161611b7fffffffffffffff', { a: '9223372036854775807' }],
    ['a161613818', { a: -25 }],
    ['a10102', { 1: 2 }],
  ] as const)
    test(`${hex} is ${JSON.stringify(value)}`, () => expect(cbor(hex)).toEqual(value));
  for (const hex of ['a1', 'a16161010203', '9bffffffffffffffff', '5bffffffffffffffff', '', 'ff'])
    test(`${hex} is refused`, () =>
      expect(() => cbor(hex)).toThrow(expect.objectContaining({ code: 'invalid-cbor' })));
  test('nests within bounds', () => expect(() => cbor('81'.repeat(200) + '01')).toThrow(/CBOR|deeper/));
});

describe('MessagePack', () => {
  for (const [hex, value] of [
    ['81a16101', { a: 1 }],
    ['81a161cf7fffffffffffffff', { a: '9223372036854775807' }],
    ['81a161d6ff5e0be100', { a: '2020-01-01T00:00:00.000Z' }],
    ['8101a161', { 1: 'a' }],
  ] as const)
    test(`${hex} is ${JSON.stringify(value)}`, () => expect(msgpack(hex)).toEqual(value));
  for (const hex of ['81', 'ddffffffff', 'dfffffffff', '81a95f5f70726f746f5f5f01', '81a16101ff', 'c1'])
    test(`${hex} is refused`, () =>
      expect(() => msgpack(hex)).toThrow(expect.objectContaining({ code: 'invalid-msgpack' })));
  test('nests within bounds', () =>
    expect(() => msgpack('91'.repeat(200) + '01')).toThrow(expect.objectContaining({ code: 'too-deep' })));
});

test('keys of the language are ordinary keys', () => {
  const value = cbor('a1695f5f70726f746f5f5fa168706f6c6c7574656401') as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

describe('what a payload is', () => {
  test('is said by its media type', () => {
    expect(binaryFormatOf('application/cbor')).toBe('cbor');
    expect(binaryFormatOf('application/x-msgpack; charset=binary')).toBe('msgpack');
    expect(binaryFormatOf('application/json')).toBeUndefined();
  });
  test('or by its bytes, where they are complete in one format alone', () => {
    const reading = { temperature: 21.5, ok: true };
    expect(guessBinaryFormat(toCbor(reading))).toBe('cbor');
    expect(guessBinaryFormat(toMessagePack(reading))).toBe('msgpack');
    expect(guessBinaryFormat(toCbor([reading, reading]))).toBe('cbor');
    expect(guessBinaryFormat(toMessagePack([reading, reading]))).toBe('msgpack');
  });
  for (const text of ['', '{"a":1}', '21.5', ' [1]', '\uFEFF{}'])
    test(`${JSON.stringify(text)} is text`, () =>
      expect(guessBinaryFormat(Buffer.from(text))).toBeUndefined());
  test('text is never taken for one, and neither format for the other', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(guessBinaryFormat(Buffer.from(text))).toBeUndefined();
      }),
    );
    const objects = fc.dictionary(
      fc.string({ minLength: 1 }),
      fc.oneof(fc.double(), fc.string(), fc.boolean()),
      {
        minKeys: 1,
      },
    );
    fc.assert(
      fc.property(objects, (value) => {
        expect(guessBinaryFormat(toCbor(value))).not.toBe('msgpack');
      }),
    );
  });
  test('both read what JSON reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const plain = parseJson(JSON.stringify({ value }));
        expect(decodeBinary(toCbor(plain), 'cbor')).toEqual(plain);
      }),
    );
  });
});

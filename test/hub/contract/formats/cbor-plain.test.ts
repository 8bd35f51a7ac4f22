import { encode } from 'cbor2';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBinary } from '#contract/formats/binary.ts';
import { readPlainCbor, unread } from '#contract/formats/cbor-plain.ts';

const read = (hex: string): unknown => readPlainCbor(Buffer.from(hex, 'hex'));

/** Behind the tag that says "this is CBOR" (RFC 8949, 3.4.6) the library reads the same document. */
function byLibrary(bytes: Uint8Array): unknown {
  return decodeBinary(Uint8Array.of(0xd9, 0xd9, 0xf7, ...bytes), 'cbor');
}

describe('RFC 8949', () => {
  for (const [hex, value] of [
    ['a16161f93c00', { a: 1 }],
    ['a10102', { 1: 2 }],
    ['a12018ff', { '-1': 255 }],
    ['831901001a000100003903e7', [256, 65536, -1000]],
    ['84f4f5f6f7', [false, true, null, null]],
    ['82fa41ac0000fb4035800000000000', [21.5, 21.5]],
    ['8163c2b043', ['°C']],
  ] as const)
    test(`${hex} is ${JSON.stringify(value)}`, () => expect(read(hex)).toEqual(value));

  for (const [hex, why] of [
    ['', 'nothing'],
    ['a1', 'a map without its entry'],
    ['a161610102', 'more than one item'],
    ['bf616101ff', 'a map without a length'],
    ['a16161ff', 'a break where a value belongs'],
    ['a161611b7fffffffffffffff', 'an integer of 64 bits'],
    ['a16161c11a5e0be100', 'a tag'],
    ['a1616141ff', 'bytes'],
    ['a16161f8ff', 'a simple value of no meaning'],
    ['a2616101616102', 'a key twice'],
    ['a2010161 3102'.replace(' ', ''), 'a key twice, as number and as text'],
    ['a1f601', 'a key that is no text'],
    ['8161ff', 'text that is not UTF-8'],
    ['9affffffff', 'more elements than bytes'],
    ['81'.repeat(200) + '01', 'nesting without end'],
  ] as const)
    test(`leaves ${why} to the library`, () => expect(read(hex)).toBe(unread));
});

test('a key of the language is an ordinary key', () => {
  expect(Object.keys(read('a1695f5f70726f746f5f5f01') as object)).toEqual(['__proto__']);
});

describe('what it reads, the library reads likewise', () => {
  test('of documents', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const bytes = encode(value);
        const own = readPlainCbor(bytes);
        if (own !== unread) expect(own).toEqual(byLibrary(bytes));
      }),
    );
  });
  test('of bytes that are none, or nearly', () => {
    const broken = fc
      .tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([value, at, byte]) => {
        const bytes = encode(value);
        bytes[at % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array({ minLength: 1, maxLength: 40 })), (bytes) => {
        const own = readPlainCbor(bytes);
        if (own !== unread) expect(own).toEqual(byLibrary(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});

import { expect, test } from 'vitest';
import { textOf, toText } from '../../../bridges/mqtt/text.ts';

test('a payload is UTF-8 text', () => expect(toText(Buffer.from('21,5 °C'))).toBe('21,5 °C'));

test('the byte order mark before it and the NULs after it are none of it', () => {
  expect(toText(Buffer.from('\uFEFFon'))).toBe('on');
  expect(toText(Buffer.from('on\0\0'))).toBe('on');
});

for (const bytes of [[0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80]])
  test(`the bytes ${Buffer.from(bytes).toString('hex')} are no text`, () => {
    expect(() => toText(new Uint8Array(bytes))).toThrow(
      expect.objectContaining({ name: 'FormatError', code: 'invalid-utf8' }),
    );
    expect(textOf(new Uint8Array(bytes))).toBeUndefined();
  });

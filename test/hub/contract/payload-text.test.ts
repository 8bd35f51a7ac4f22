import { expect, test } from 'vitest';
import { toPayloadText } from '#contract/payload-text.ts';

test('text is shown as it is', () => {
  for (const payload of ['', '{"a":1}', '21,5 °C', '\uFFFD'])
    expect(toPayloadText(Buffer.from(payload))).toEqual({ payload, encoding: 'utf8' });
});

test('what is no UTF-8 comes whole, in base64', () => {
  for (const bytes of [[0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80]]) {
    const { payload, encoding } = toPayloadText(new Uint8Array(bytes));
    expect(encoding).toBe('base64');
    expect([...Buffer.from(payload, 'base64')]).toEqual(bytes);
  }
});

test('a byte order mark is shown: it may be why a payload could not be read', () => {
  expect(toPayloadText(Buffer.from('\uFEFF1')).payload).toBe('\uFEFF1');
});

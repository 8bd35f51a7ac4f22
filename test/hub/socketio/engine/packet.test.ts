import { describe, expect, test } from 'vitest';
import { dataBytes, decodePacket, encodePacket, toBuffer } from '../../../../hub/socketio/engine/packet.ts';

describe('Engine.IO v4, Packet encoding', () => {
  test('a text message is its type digit followed by the data', () => {
    expect(encodePacket({ type: 'message', data: 'hello' })).toBe('4hello');
    expect(decodePacket('4hello')).toEqual({ type: 'message', data: 'hello' });
  });

  test('a binary message is b and base64', () => {
    expect(encodePacket({ type: 'message', data: Buffer.from([1, 2, 3, 4]) })).toBe('bAQIDBA==');
    expect(decodePacket('bAQIDBA==')).toEqual({ type: 'message', data: Buffer.from([1, 2, 3, 4]) });
  });

  const types = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'] as const;
  for (const [digit, type] of types.entries()) {
    test(`${type} is ${digit}`, () => {
      expect(encodePacket({ type })).toBe(String(digit));
      expect(decodePacket(String(digit))).toEqual({ type });
    });
  }

  for (const text of ['', '7', 'x1', ' 4', '\u00e94']) {
    test(`rejects ${JSON.stringify(text)} as an unknown packet type`, () => {
      expect(() => decodePacket(text)).toThrow(
        expect.objectContaining({ name: 'ProtocolError', code: 'unknown-packet-type' }) as Error,
      );
    });
  }

  test('a number is its text; nothing, zero and false are the empty text', () => {
    expect(encodePacket({ type: 'message', data: 12 })).toBe('412');
    for (const data of [null, undefined, 0, false, ''])
      expect(encodePacket({ type: 'message', data })).toBe('4');
  });
});

test('a view shows only its own part of the memory under it', () => {
  const memory = Uint8Array.from([9, 1, 2, 9]);
  expect(toBuffer(memory.subarray(1, 3))).toEqual(Buffer.from([1, 2]));
  expect(toBuffer(new DataView(memory.buffer, 1, 2))).toEqual(Buffer.from([1, 2]));
  expect(toBuffer(memory.buffer)).toEqual(Buffer.from([9, 1, 2, 9]));
});

test('the size of data is that of its UTF-8, or of its bytes', () => {
  expect(dataBytes('é')).toBe(2);
  expect(dataBytes(new ArrayBuffer(5))).toBe(5);
  expect(dataBytes(undefined)).toBe(0);
});

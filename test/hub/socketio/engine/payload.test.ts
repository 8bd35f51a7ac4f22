import { describe, expect, test } from 'vitest';
import { decodePayload, encodePayload } from '../../../../hub/socketio/engine/payload.ts';

describe('Engine.IO v4, Payload encoding', () => {
  const packets = [
    { type: 'message', data: 'hello' },
    { type: 'ping' },
    { type: 'message', data: Buffer.from([1, 2, 3, 4]) },
  ] as const;

  test('packets are joined by the record separator', () => {
    expect(encodePayload(packets)).toBe('4hello\u001e2\u001ebAQIDBA==');
    expect([...decodePayload('4hello\u001e2\u001ebAQIDBA==')]).toEqual(packets);
  });

  test('what comes before a bad packet is still read', () => {
    const read = decodePayload('4a\u001ex\u001e4b');
    expect(read.next().value).toEqual({ type: 'message', data: 'a' });
    expect(() => read.next()).toThrow(expect.objectContaining({ code: 'unknown-packet-type' }) as Error);
  });

  for (const body of ['', '4a\u001e', '\u001e4a']) {
    test(`an empty packet in ${JSON.stringify(body)} is none`, () => {
      expect(() => [...decodePayload(body)]).toThrow(
        expect.objectContaining({ code: 'unknown-packet-type' }) as Error,
      );
    });
  }

  test('more packets than allowed are refused without reading them all', () => {
    const read = decodePayload('6\u001e'.repeat(50_000), 3);
    for (let count = 0; count < 3; count += 1) expect(read.next().done).toBe(false);
    expect(() => read.next()).toThrow(expect.objectContaining({ code: 'too-many-packets' }) as Error);
  });
});

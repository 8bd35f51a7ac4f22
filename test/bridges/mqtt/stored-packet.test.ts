import { expect, test } from 'vitest';
import { toFacts, toPacket } from '../../../bridges/mqtt/stored-packet.ts';

for (const payload of [Buffer.from([0, 255]), 'text', Buffer.alloc(0)])
  test(`a packet comes back as it was: ${JSON.stringify(payload)}`, () => {
    const packet = { cmd: 'publish', topic: 'a/b', qos: 1, retain: true, dup: false, payload };
    const row = toFacts(packet);
    expect(toPacket(row.facts, row.payload)).toEqual(packet);
  });

test('a PUBREL has no payload', () => {
  expect(toFacts({ cmd: 'pubrel', messageId: 7 } as never).payload).toHaveLength(0);
});

import { expect, test } from 'vitest';
import { Decoder, Encoder, PacketType, type Packet } from '#socketio';

test('the default parser can be used as a pair of classes', () => {
  const decoder = new Decoder();
  const packets: Packet[] = [];
  decoder.on('decoded', (packet: Packet) => packets.push(packet));
  const packet = { type: PacketType.event, nsp: '/n', data: ['x', Buffer.from('x')], id: 3 };
  for (const frame of new Encoder().encode(packet)) decoder.add(frame);
  expect(packets).toEqual([packet]);
  expect(() => decoder.add(Buffer.from('x'))).toThrow('got binary data when not reconstructing a packet');
  decoder.add('51-["x",{"_placeholder":true,"num":0}]');
  decoder.destroy();
  decoder.add('2["next"]');
  expect(packets.at(-1)).toMatchObject({ data: ['next'] });
});

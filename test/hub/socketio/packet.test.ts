import { describe, expect, test } from 'vitest';
import { encodePacket, jsonText, PacketType } from '../../../hub/socketio/packet.ts';

describe('Socket.IO v5, Packet encoding', () => {
  for (const { packet, text } of [
    { packet: { type: PacketType.connect, nsp: '/', data: { sid: 'x' } }, text: '0{"sid":"x"}' },
    { packet: { type: PacketType.connect, nsp: '/admin', data: { sid: 'x' } }, text: '0/admin,{"sid":"x"}' },
    { packet: { type: PacketType.disconnect, nsp: '/admin' }, text: '1/admin,' },
    { packet: { type: PacketType.event, nsp: '/', data: ['foo'] }, text: '2["foo"]' },
    { packet: { type: PacketType.event, nsp: '/admin', data: ['foo'], id: 12 }, text: '2/admin,12["foo"]' },
    { packet: { type: PacketType.ack, nsp: '/', data: [], id: 0 }, text: '30[]' },
    {
      packet: { type: PacketType.connectError, nsp: '/', data: { message: 'no' } },
      text: '4{"message":"no"}',
    },
  ]) {
    test(`${text} is written for its packet`, () => {
      expect(encodePacket(packet)).toEqual([text]);
    });
  }

  test('attachments follow the text and leave numbered placeholders', () => {
    const [a, b] = [Buffer.from([1]), new Uint8Array([2])];
    const packet = { type: PacketType.event, nsp: '/', data: ['foo', a, { deep: [b] }] };
    expect(encodePacket(packet)).toEqual([
      '52-["foo",{"_placeholder":true,"num":0},{"deep":[{"_placeholder":true,"num":1}]}]',
      a,
      b,
    ]);
  });

  test('an acknowledgement with attachments is a binary acknowledgement', () => {
    const bytes = Buffer.from('x');
    const [text] = encodePacket({ type: PacketType.ack, nsp: '/n', data: [bytes], id: 5 });
    expect(text).toBe('61-/n,5[{"_placeholder":true,"num":0}]');
  });

  test('toJSON decides before attachments are looked for', () => {
    const value = { secret: Buffer.from('x'), toJSON: () => ({ open: 1 }) };
    expect(encodePacket({ type: PacketType.event, nsp: '/', data: ['e', value] })).toEqual([
      '2["e",{"open":1}]',
    ]);
  });

  test('dates, undefined and maps are written as JSON does', () => {
    const data = ['e', new Date(0), undefined, new Map([[1, 2]]), Number.NaN];
    expect(encodePacket({ type: PacketType.event, nsp: '/', data })).toEqual([
      '2["e","1970-01-01T00:00:00.000Z",null,{},null]',
    ]);
  });

  test('an argument that is JSON already is written as it is, and is the value to everybody else', () => {
    const ready = jsonText('{"a": [1]}');
    const packet = { type: PacketType.event, nsp: '/', data: ['foo', undefined, ready] };
    expect(encodePacket(packet)).toEqual(['2["foo",null,{"a": [1]}]']);
    expect(JSON.stringify(packet.data)).toBe('["foo",null,{"a":[1]}]');
    const attached = { type: PacketType.event, nsp: '/', data: ['foo', ready, Buffer.from([1])] };
    expect(encodePacket(attached)[0]).toBe('51-["foo",{"a":[1]},{"_placeholder":true,"num":0}]');
  });

  test('the packet itself is left as it was', () => {
    const bytes = Buffer.from('x');
    const data = ['e', { bytes }];
    encodePacket({ type: PacketType.event, nsp: '/', data });
    expect(data).toEqual(['e', { bytes }]);
  });
});

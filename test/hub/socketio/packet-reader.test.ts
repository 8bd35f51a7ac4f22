import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePacket, PacketType, type Packet } from '../../../hub/socketio/packet.ts';
import { PacketReader, reservedEventNames } from '../../../hub/socketio/packet-reader.ts';

function read(...frames: unknown[]): Packet | undefined {
  const reader = new PacketReader();
  let packet: Packet | undefined;
  for (const frame of frames) packet = reader.read(frame);
  return packet;
}

describe('Socket.IO v5, Packet encoding: reading', () => {
  for (const [text, packet] of [
    ['0', { type: 0, nsp: '/' }],
    ['0/n', { type: 0, nsp: '/n' }],
    ['0/n,{"token":"x"}', { type: 0, nsp: '/n', data: { token: 'x' } }],
    ['0/n?a=1,', { type: 0, nsp: '/n?a=1' }],
    ['1/n,', { type: 1, nsp: '/n' }],
    ['2["a",1]', { type: 2, nsp: '/', data: ['a', 1] }],
    ['2/n,7["a"]', { type: 2, nsp: '/n', id: 7, data: ['a'] }],
    ['2[1]', { type: 2, nsp: '/', data: [1] }],
    ['37[]', { type: 3, nsp: '/', id: 7, data: [] }],
  ] as const) {
    test(`${text} is understood`, () => {
      expect(read(text)).toEqual(packet);
    });
  }

  test('attachments take the places of their placeholders', () => {
    const bytes = Buffer.from([1, 2]);
    expect(read('51-4["a",{"b":{"_placeholder":true,"num":0}}]', bytes)).toEqual({
      type: PacketType.event,
      nsp: '/',
      id: 4,
      data: ['a', { b: bytes }],
    });
  });

  for (const frames of [
    ['7'],
    [''],
    ['x'],
    ['0"str"'],
    ['0[]'],
    ['0null'],
    ['0{'],
    ['1[]'],
    ['2'],
    ['2{}'],
    ['2[]'],
    ['2[null]'],
    ['2[{}]'],
    ['2[["a"]]'],
    ['2[{"toString":"x"}]'],
    ['2["a"]x'],
    ['2["connect"]'],
    ['2["connect_error"]'],
    ['2["disconnect"]'],
    ['2["disconnecting"]'],
    ['2["newListener"]'],
    ['2["removeListener"]'],
    ['3-1[]'],
    ['31{}'],
    ['50-["a"]'],
    ['5-["a"]'],
    ['5x-["a"]'],
    ['51["a"]'],
    ['511-["a"]'],
    ['51.5-["a"]'],
    ['51e2-["a"]'],
    ['599999999999999999999-["a"]'],
    [Buffer.from('x')],
    ['51-["a",{"_placeholder":true,"num":0}]', '2["b"]'],
    ...['1', '-1', '10', '"0"', '1.5', 'null', '"splice"', '"constructor"', 'true', '[0]'].map((num) => [
      `51-["a",{"_placeholder":true,"num":${num}}]`,
      Buffer.from('x'),
    ]),
  ]) {
    test(`${JSON.stringify(frames)} is refused`, () => {
      expect(() => read(...frames)).toThrow(expect.objectContaining({ name: 'ProtocolError' }));
    });
  }

  test('the limits on attachments hold for their number and for their bytes', () => {
    const reader = new PacketReader({ maxAttachments: 2, maxAttachmentBytes: 5 });
    expect(() => reader.read('53-["a"]')).toThrow('too many attachments');
    reader.read('52-["a"]');
    reader.read(Buffer.alloc(3));
    expect(() => reader.read(Buffer.alloc(3))).toThrow('attachments are too large');
  });

  test('a key `__proto__` pollutes nothing', () => {
    const packet = read('51-["a",{"__proto__":{"evil":1}},{"_placeholder":true,"num":0}]', Buffer.from('x'));
    expect(({} as { evil?: unknown }).evil).toBeUndefined();
    expect(Object.getPrototypeOf((packet as { data: object[] }).data[1])).toBe(Object.prototype);
  });

  test('whatever is written is read again', () => {
    const name = fc.string().filter((text) => !reservedEventNames.has(text));
    const value = fc.oneof(
      fc.jsonValue(),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(name, fc.array(value, { maxLength: 5 }), fc.option(fc.nat()), (event, args, id) => {
        const plain: unknown[] = JSON.parse(
          JSON.stringify([event, ...args.filter((arg) => !Buffer.isBuffer(arg))]),
        ) as unknown[];
        const data = [...plain, ...args.filter((arg) => Buffer.isBuffer(arg))];
        const packet = { type: PacketType.event, nsp: '/n', data, ...(id === null ? {} : { id }) };
        expect(read(...encodePacket(packet))).toEqual(packet);
      }),
    );
  });

  test('no frame makes it throw anything else', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456/,-["a]{}:_'.split('')) });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, fc.uint8Array())), (frames) => {
        const reader = new PacketReader();
        for (const frame of frames) {
          try {
            reader.read(frame);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ProtocolError' });
          }
        }
      }),
    );
  });
});

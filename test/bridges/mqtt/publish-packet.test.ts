import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PublishReader } from '../../../bridges/mqtt/publish-packet.ts';
import { field, toBytes } from './packets.ts';

const before = 'fefe';

/** Reads one packet that lies somewhere in a larger buffer. */
function read(header: number, ...parts: readonly (string | Uint8Array)[]) {
  const body = Buffer.concat(parts.map(toBytes));
  const bytes = Buffer.concat([toBytes(before), body, toBytes('ff')]);
  return new PublishReader().read(header, bytes, { start: 2, end: 2 + body.length });
}

describe('MQTT 3.1.1 §3.3, PUBLISH', () => {
  test('QoS 0 has no packet id; the rest is payload', () => {
    expect(read(0x30, field('a/b'), 'c3a9')).toEqual({
      topic: 'a/b',
      payload: Buffer.from('é'),
      qos: 0,
      retain: false,
      dup: false,
      packetId: undefined,
      isWill: false,
    });
  });
  test('QoS 1 with DUP and retain', () => {
    const packet = { topic: 'a', qos: 1, packetId: 0x1234, dup: true, retain: true };
    expect(read(0x3b, field('a'), '1234', '31')).toMatchObject({ ...packet, payload: Buffer.from('1') });
  });
  test('QoS 2 without payload', () => {
    expect(read(0x34, field('a'), '0001')).toMatchObject({ qos: 2, packetId: 1, payload: Buffer.alloc(0) });
  });
  const broken: readonly [name: string, header: number, parts: readonly (string | Uint8Array)[], string][] = [
    ['a topic longer than the packet', 0x30, ['0005', '61'], 'malformed'],
    ['no packet id', 0x32, [field('a')], 'malformed'],
    ['no topic at all', 0x30, ['00'], 'malformed'],
    ['packet id 0', 0x32, [field('a'), '0000'], 'packet-id-zero'],
    ['QoS 3', 0x36, [field('a'), '0001'], 'bad-qos'],
    ['an empty topic', 0x30, [field('')], 'bad-topic'],
    ['a wildcard', 0x30, [field('a/+')], 'bad-topic'],
    ['NUL in the topic', 0x30, [field('a\0')], 'bad-topic'],
  ];
  for (const [name, header, parts, reason] of broken)
    test(`${name} is refused`, () => expect(read(header, ...parts)).toBe(reason));
});

test('a topic is remembered only as long as it is the same', () => {
  const reader = new PublishReader();
  const topics = ['a/b', 'a/b', 'a/c', 'a/b/c', 'a', 'a/b'];
  const heard = topics.map((topic) => {
    const bytes = field(topic);
    const packet = reader.read(0x30, bytes, { start: 0, end: bytes.length });
    return typeof packet === 'string' ? packet : packet.topic;
  });
  expect(heard).toEqual(topics);
  const bad = field('a/#');
  expect(reader.read(0x30, bad, { start: 0, end: bad.length })).toBe('bad-topic');
  expect(reader.read(0x30, bad, { start: 0, end: bad.length })).toBe('bad-topic');
});

test('no bytes whatever make it fail', () => {
  const reader = new PublishReader();
  fc.assert(
    fc.property(fc.integer({ min: 0x30, max: 0x3f }), fc.uint8Array({ maxLength: 64 }), (header, bytes) => {
      reader.read(header, Buffer.from(bytes), { start: 0, end: bytes.length });
    }),
    { numRuns: 2000 },
  );
});

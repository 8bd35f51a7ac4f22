import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPacket } from '../../../bridges/mqtt/packet-checks.ts';
import { field } from './packets.ts';

const body = (...parts: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)));

describe('MQTT 3.1.1, packets that are well formed', () => {
  const cases: readonly [name: string, header: number, bytes: Buffer][] = [
    ['CONNECT', 0x10, body(field('MQTT'), '0402003c', field('c'))],
    ['CONNECT of MQTT 3.1', 0x10, body(field('MQIsdp'), '03c2003c', field('c'), field('u'), field('p'))],
    ['CONNECT with a will', 0x10, body(field('MQTT'), '040e003c', field('c'), field('t'), field('x'))],
    ['SUBSCRIBE', 0x82, body('0001', field('a/+'), '00', field('#'), '02')],
    ['UNSUBSCRIBE', 0xa2, body('0001', field('a/+'))],
    ['PUBACK', 0x40, body('0001')],
    ['PINGREQ', 0xc0, body()],
    ['DISCONNECT', 0xe0, body()],
    // The broker answers these with return code 1 and needs no more of them.
    ['CONNECT of MQTT 5', 0x10, body(field('MQTT'), '0502003c', '00', field('c\0'))],
  ];
  for (const [name, header, bytes] of cases)
    test(`${name} passes`, () => expect(checkPacket(header, bytes)).toBeUndefined());
});

describe('MQTT 3.1.1, packets that end too early', () => {
  const cases: readonly [name: string, header: number, bytes: Buffer][] = [
    ['CONNECT without flags', 0x10, body(field('MQTT'), '04')],
    ['CONNECT without client id', 0x10, body(field('MQTT'), '0402003c')],
    ['CONNECT without the will it announces', 0x10, body(field('MQTT'), '0406003c', field('c'), field('t'))],
    ['CONNECT without the user name it announces', 0x10, body(field('MQTT'), '0482003c', field('c'))],
    ['SUBSCRIBE without filters', 0x82, body('0001')],
    ['SUBSCRIBE with half a filter', 0x82, body('0001', '0005', '61')],
  ];
  for (const [name, header, bytes] of cases)
    test(name, () => expect(checkPacket(header, bytes)).toBe('malformed'));
});

test('no bytes whatever make the check fail', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 64 }), (header, bytes) => {
      checkPacket(header, Buffer.from(bytes));
    }),
    { numRuns: 2000 },
  );
});

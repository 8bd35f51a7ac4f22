/**
 * What may be wrong inside one complete MQTT 3.1/3.1.1 packet that the broker behind would let through; PUBLISH is read by
 * `publish-packet.ts`.
 * Spec: MQTT 3.1.1, §1.5.3 (UTF-8), §2.3.1 (packet identifiers), §3.1, §3.3, §3.8, §4.7. Pure: bytes in, a reason out.
 */
import { isUtf8 } from 'node:buffer';
import { isTopicFilter } from '#contract/topic-filters.ts';
import { limits } from '#contract/limits.ts';

export const PacketType = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubcomp: 7,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
} as const;

/** Why a connection is closed; the literals are the reasons of the counter `mqtt.closed`. */
export type Violation =
  | 'packet-too-large'
  | 'malformed'
  | 'not-connect-first'
  | 'second-connect'
  | 'bad-text'
  | 'bad-client-id'
  | 'bad-topic'
  | 'bad-filter'
  | 'bad-qos'
  | 'packet-id-zero'
  | 'password-without-username'
  | 'unexpected-packet'
  | 'connect-deadline'
  | 'slow-subscriber';

const filtersPerPacket = 32;

/** @param body everything after the fixed header */
export function checkPacket(header: number, body: Buffer): Violation | undefined {
  const type = header >> 4;
  switch (type) {
    case PacketType.connect:
      return checkConnect(body);
    case PacketType.subscribe:
      return checkFilters(body, 1);
    case PacketType.unsubscribe:
      return checkFilters(body, 0);
    case PacketType.pingreq:
    case PacketType.disconnect:
      return undefined;
    default:
      if (type < PacketType.puback || type > PacketType.pubcomp) return 'unexpected-packet';
      return body.length >= 2 && body.readUInt16BE(0) === 0 ? 'packet-id-zero' : undefined;
  }
}

/** Reads length-prefixed fields one after another; `undefined` once the bytes end too early. */
class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  skip(count: number): void {
    this.#at += count;
  }

  byte(): number | undefined {
    return this.#bytes[this.#at++];
  }

  uint16(): number | undefined {
    if (this.#at + 2 > this.#bytes.length) return undefined;
    this.#at += 2;
    return this.#bytes.readUInt16BE(this.#at - 2);
  }

  binary(): Buffer | undefined {
    const length = this.uint16();
    if (length === undefined || this.#at + length > this.#bytes.length) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

const connectFlag = { reserved: 0x01, will: 0x04, willQos: 0x18, password: 0x40, username: 0x80 } as const;

function checkConnect(body: Buffer): Violation | undefined {
  const fields = new Fields(body);
  const protocol = fields.binary();
  const level = fields.byte();
  const flags = fields.byte();
  if (protocol === undefined || level === undefined || flags === undefined) return 'malformed';
  // Other levels are refused with CONNACK code 1 by the broker, which needs no more of the packet.
  if (level !== 3 && level !== 4) return undefined;
  fields.skip(2);
  const clientId = fields.binary();
  if (clientId === undefined) return 'malformed';
  if (!isClientId(clientId)) return 'bad-client-id';
  if ((flags & connectFlag.will) !== 0) {
    const problem = checkWill(fields, flags);
    if (problem !== undefined) return problem;
  }
  if ((flags & connectFlag.username) === 0)
    // §3.1.2.9: a password needs a user name.
    return (flags & connectFlag.password) === 0 ? undefined : 'password-without-username';
  const username = fields.binary();
  if (username === undefined) return 'malformed';
  return isText(username) ? undefined : 'bad-text';
}

function checkWill(fields: Fields, flags: number): Violation | undefined {
  if ((flags & connectFlag.willQos) === connectFlag.willQos) return 'bad-qos';
  const topic = fields.binary();
  const payload = fields.binary();
  if (topic === undefined || payload === undefined) return 'malformed';
  return isPublishable(topic) ? undefined : 'bad-topic';
}

/** SUBSCRIBE and UNSUBSCRIBE differ only in the QoS byte that follows each filter. */
function checkFilters(body: Buffer, bytesAfterEach: number): Violation | undefined {
  const fields = new Fields(body);
  const packetId = fields.uint16();
  if (packetId === undefined) return 'malformed';
  if (packetId === 0) return 'packet-id-zero';
  let count = 0;
  while (!fields.done) {
    const filter = fields.binary();
    if (filter === undefined) return 'malformed';
    count += 1;
    if (count > filtersPerPacket || !isFilter(filter)) return 'bad-filter';
    fields.skip(bytesAfterEach);
  }
  return count === 0 ? 'malformed' : undefined;
}

function isText(bytes: Buffer): boolean {
  // §1.5.3: U+0000 and surrogates have no place in MQTT text; `isUtf8` knows the latter.
  return isUtf8(bytes) && !bytes.includes(0);
}

function isClientId(bytes: Buffer): boolean {
  return (
    bytes.length <= limits.idChars && isText(bytes) && !bytes.some((byte) => byte < 0x20 || byte === 0x7f)
  );
}

const [slash, hash, plus] = [0x2f, 0x23, 0x2b] as const;

export function isPublishable(bytes: Buffer): boolean {
  if (bytes.length === 0 || bytes.length > limits.mqttTopicBytes || !isText(bytes)) return false;
  let levels = 1;
  for (const byte of bytes) {
    if (byte === hash || byte === plus) return false;
    if (byte === slash) levels += 1;
  }
  return levels <= limits.mqttTopicLevels;
}

function isFilter(bytes: Buffer): boolean {
  if (bytes.length > limits.mqttTopicBytes || !isText(bytes)) return false;
  const text = bytes.toString();
  return isTopicFilter(text) && text.split('/').length <= limits.mqttTopicLevels;
}

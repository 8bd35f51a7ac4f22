/**
 * Reads Socket.IO packets from the frames of one connection: text first, then the attachments it announced.
 * Spec: Socket.IO protocol v5, "Packet encoding". No I/O; whatever the peer sends, it returns a packet or throws.
 */
import { ProtocolError } from './errors.ts';
import { PacketType, type Packet } from './packet.ts';

/** Names an event may not have: the library raises them itself. */
export const reservedEventNames: ReadonlySet<string | symbol> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

export interface PacketLimits {
  /** Attachments of one packet. */
  readonly maxAttachments: number;
  /** Bytes of all attachments of one packet together. */
  readonly maxAttachmentBytes: number;
}

export const defaultPacketLimits: PacketLimits = { maxAttachments: 10, maxAttachmentBytes: Infinity };

const zero = 48;
const nine = 57;
const slash = 47;
const dash = 45;

export class PacketReader {
  readonly #limits: PacketLimits;
  #incomplete: Packet | undefined;
  #attachments: Uint8Array[] = noAttachments;
  #attachmentBytes = 0;

  constructor(limits: PacketLimits = defaultPacketLimits) {
    this.#limits = limits;
  }

  /** Whether attachments are still due. */
  get isIncomplete(): boolean {
    return this.#incomplete !== undefined;
  }

  /**
   * Takes the next frame.
   * @returns the packet it completes, or `undefined` while attachments are due
   * @throws {ProtocolError} the frame cannot follow what came before, or is no packet
   */
  read(frame: unknown): Packet | undefined {
    if (typeof frame === 'string') {
      if (this.#incomplete !== undefined)
        throw new ProtocolError('unexpected-packet', 'got plaintext data when reconstructing a packet');
      const packet = parsePacket(frame, this.#limits.maxAttachments);
      if (packet.attachments === undefined) return packet;
      this.#incomplete = packet;
      this.#attachments = [];
      this.#attachmentBytes = 0;
      return undefined;
    }
    if (ArrayBuffer.isView(frame) || frame instanceof ArrayBuffer) return this.#attach(frame as Uint8Array);
    throw new ProtocolError('invalid-packet', `Unknown type: ${String(frame)}`);
  }

  /** Forgets a packet whose attachments will not come. */
  reset(): void {
    this.#incomplete = undefined;
    this.#attachments = noAttachments;
  }

  #attach(bytes: Uint8Array): Packet | undefined {
    const packet = this.#incomplete;
    if (packet === undefined)
      throw new ProtocolError('unexpected-packet', 'got binary data when not reconstructing a packet');
    this.#attachmentBytes += bytes.byteLength;
    if (this.#attachmentBytes > this.#limits.maxAttachmentBytes)
      throw new ProtocolError('payload-too-large', 'attachments are too large');
    this.#attachments.push(bytes);
    if (this.#attachments.length < (packet.attachments ?? 0)) return undefined;
    const attachments = this.#attachments;
    this.reset();
    packet.data = fillPlaceholders(packet.data, attachments);
    packet.type = packet.type === PacketType.binaryEvent ? PacketType.event : PacketType.ack;
    packet.attachments = undefined;
    return packet;
  }
}

const noAttachments: Uint8Array[] = [];

/** Parses the text of a packet: `<type>[<attachments>-][<namespace>,][<ack id>][<JSON>]`. */
export function parsePacket(text: string, maxAttachments: number): Packet {
  const type = text.charCodeAt(0) - zero;
  if (!(type >= PacketType.connect && type <= PacketType.binaryAck)) {
    throw new ProtocolError('unknown-packet-type', `unknown packet type ${text.charAt(0)}`);
  }
  const packet: Packet = { type, nsp: '/', data: undefined, id: undefined, attachments: undefined };
  let at = 1;
  if (type === PacketType.binaryEvent || type === PacketType.binaryAck) {
    at = endOfDigits(text, at);
    packet.attachments = attachmentCount(text, at, maxAttachments);
    at += 1;
  }
  if (text.charCodeAt(at) === slash) {
    const comma = text.indexOf(',', at);
    const end = comma === -1 ? text.length : comma;
    packet.nsp = text.slice(at, end);
    at = end + 1;
  }
  const endOfId = endOfDigits(text, at);
  if (endOfId > at) packet.id = Number(text.slice(at, endOfId));
  packet.data = endOfId < text.length ? parseJson(text.slice(endOfId)) : undefined;
  if (!isValidPayload(packet)) throw new ProtocolError('invalid-payload', 'invalid payload');
  return packet;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code >= zero && code <= nine; code = text.charCodeAt(at)) at += 1;
  return at;
}

function attachmentCount(text: string, end: number, maxAttachments: number): number {
  const count = Number(text.slice(1, end));
  if (end === 1 || text.charCodeAt(end) !== dash || count < 1)
    throw new ProtocolError('invalid-attachment', 'Illegal attachments');
  if (count > maxAttachments) throw new ProtocolError('too-many-attachments', 'too many attachments');
  return count;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('invalid-payload', 'invalid payload', { cause });
  }
}

function isValidPayload({ type, data }: Packet): boolean {
  switch (type) {
    case PacketType.connect:
      return data === undefined || isPlainObject(data);
    case PacketType.disconnect:
      return data === undefined;
    case PacketType.connectError:
      return data === undefined || typeof data === 'string' || isPlainObject(data);
    case PacketType.event:
    case PacketType.binaryEvent:
      return Array.isArray(data) && isEventName(data[0]);
    default:
      return data === undefined || Array.isArray(data);
  }
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEventName(name: unknown): boolean {
  return typeof name === 'number' || (typeof name === 'string' && !reservedEventNames.has(name));
}

function fillPlaceholders(value: unknown, attachments: readonly Uint8Array[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) value[i] = fillPlaceholders(value[i], attachments);
    return value;
  }
  const record = value as Record<string, unknown>;
  if (record['_placeholder'] === true) {
    const { num } = record;
    const attachment = Number.isInteger(num) ? attachments[num as number] : undefined;
    if (attachment === undefined) throw new ProtocolError('invalid-attachment', 'illegal attachments');
    return attachment;
  }
  for (const key of Object.keys(record)) {
    // `__proto__` from JSON.parse is an own key; assigning it would set the prototype instead.
    if (key !== '__proto__') record[key] = fillPlaceholders(record[key], attachments);
  }
  return record;
}

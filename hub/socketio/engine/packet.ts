/**
 * One Engine.IO packet: a type, and data that is text or bytes.
 * Spec: Engine.IO protocol v4, "Packet encoding". Pure: no I/O, no clock.
 */
import { ProtocolError } from '../errors.ts';

export type PacketType = 'open' | 'close' | 'ping' | 'pong' | 'message' | 'upgrade' | 'noop';

/** The revision of the protocol, as clients state it in `?EIO=4`. */
export const protocol = 4;

/** Everything a message can be made of; anything that is not bytes travels as text. */
export type MessageData = string | number | boolean | NodeJS.ArrayBufferView | ArrayBuffer | null | undefined;

/**
 * How one message is to be sent. The object may be shared by all recipients of a broadcast
 * (`preEncoded`): then the frame built for the first of them is kept on it for the others.
 */
export interface SendOptions {
  /** `false`: leave it uncompressed on both transports. */
  compress?: boolean | undefined;
  volatile?: boolean | undefined;
  /** The data and these options are the same objects for every recipient of a broadcast. */
  preEncoded?: boolean | undefined;
  /** The WebSocket frame of the data, as `ws` would build it; used where no extension was negotiated. */
  wsPreEncodedFrame?: readonly Uint8Array[] | undefined;
}

/**
 * As observers of packets know them: whether to compress is said. Those of a broadcast stay the one object
 * that its frames are kept on.
 */
export function optionsForObservers(given: SendOptions = {}): SendOptions {
  const options = given.preEncoded === true ? given : { ...given };
  options.compress = options.compress !== false;
  return options;
}

export interface Packet {
  readonly type: PacketType;
  readonly data?: MessageData;
  readonly options?: SendOptions | undefined;
}

/** What arrives: text, or the bytes of a binary message. */
export interface ReceivedPacket {
  readonly type: PacketType;
  readonly data?: string | Buffer;
}

const digits = {
  open: '0',
  close: '1',
  ping: '2',
  pong: '3',
  message: '4',
  upgrade: '5',
  noop: '6',
} as const;
const types = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'] as const;
const digitZero = 0x30;

/** The character that stands for a packet type on the wire. */
export function typeDigit(type: PacketType): string {
  return digits[type];
}

/** Tells bytes from text. */
export function isBinary(data: unknown): data is NodeJS.ArrayBufferView | ArrayBuffer {
  return typeof data === 'object' && (data instanceof ArrayBuffer || ArrayBuffer.isView(data));
}

/** The same bytes as a Buffer, without copying them. */
export function toBuffer(data: NodeJS.ArrayBufferView | ArrayBuffer): Buffer {
  if (Buffer.isBuffer(data)) return data;
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** A message's data as text; what is missing, `0` or `false` is the empty text, as in the official encoder. */
export function toText(data: MessageData): string {
  if (typeof data === 'string') return data;
  return data && !isBinary(data) ? String(data) : '';
}

/** The size of a message's data on the wire, without its frame. */
export function dataBytes(data: MessageData): number {
  return isBinary(data) ? data.byteLength : Buffer.byteLength(toText(data));
}

/** The text form, as HTTP long-polling carries it: bytes are `b` and base64. */
export function encodePacket(packet: Packet): string {
  const { data } = packet;
  if (isBinary(data)) return `b${toBuffer(data).toString('base64')}`;
  return digits[packet.type] + toText(data);
}

/**
 * Reads the text form.
 *
 * @throws {ProtocolError} `unknown-packet-type`
 */
export function decodePacket(text: string): ReceivedPacket {
  if (text.startsWith('b')) return { type: 'message', data: Buffer.from(text.slice(1), 'base64') };
  const type = types[text.charCodeAt(0) - digitZero];
  if (type === undefined) {
    throw new ProtocolError(
      'unknown-packet-type',
      'An Engine.IO packet starts with a digit from 0 to 6 or with b.',
    );
  }
  return text.length > 1 ? { type, data: text.slice(1) } : { type };
}

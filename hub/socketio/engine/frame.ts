/**
 * The WebSocket frames this server sends: header and payload in one piece, so that each is one write.
 * Spec: RFC 6455 section 5.2 (a server does not mask), RFC 7692 section 7.2.1 (compression).
 */
import { deflateRawSync, constants } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { isBinary, toBuffer, toText, typeDigit } from './packet.ts';
import type { Packet, SendOptions } from './packet.ts';

/** Bytes, or the same as text of one byte per character (latin1): what is short then never becomes a Buffer. */
export type Frame = Buffer | string;

const finalText = 0x81;
const finalBinary = 0x82;
const compressedBit = 0x40;

/** Node.js copies text on each write: from here on, recipients of a broadcast share a Buffer. */
export const longestTextFrame = 8192;

export function frameBytes(frame: Frame): Buffer {
  return typeof frame === 'string' ? Buffer.from(frame, 'latin1') : frame;
}

/** A frame with its header written; the payload is the last `payloadBytes` of it. */
function allocateFrame(firstByte: number, payloadBytes: number): Buffer {
  if (payloadBytes < 126) {
    const frame = Buffer.allocUnsafe(2 + payloadBytes);
    frame[0] = firstByte;
    frame[1] = payloadBytes;
    return frame;
  }
  if (payloadBytes < 65_536) {
    const frame = Buffer.allocUnsafe(4 + payloadBytes);
    frame[0] = firstByte;
    frame[1] = 126;
    frame.writeUInt16BE(payloadBytes, 2);
    return frame;
  }
  const frame = Buffer.allocUnsafe(10 + payloadBytes);
  frame[0] = firstByte;
  frame[1] = 127;
  frame.writeUInt16BE(0, 2);
  frame.writeUIntBE(payloadBytes, 4, 6);
  return frame;
}

function bytesFrame(firstByte: number, payload: Uint8Array): Buffer {
  const frame = allocateFrame(firstByte, payload.length);
  frame.set(payload, frame.length - payload.length);
  return frame;
}

/** The header of a short text frame, by the bytes of its payload. */
const shortHeaders = Array.from({ length: 126 }, (_, bytes) => String.fromCharCode(finalText, bytes));

function textHeader(payloadBytes: number): string {
  return (
    shortHeaders[payloadBytes] ?? String.fromCharCode(finalText, 126, payloadBytes >> 8, payloadBytes & 0xff)
  );
}

function textFrame(digit: string, text: string): Frame {
  const textBytes = Buffer.byteLength(text);
  if (textBytes === text.length && textBytes < longestTextFrame)
    return textHeader(textBytes + 1) + digit + text;
  const frame = allocateFrame(finalText, textBytes + 1);
  const start = frame.length - textBytes;
  frame[start - 1] = digit.charCodeAt(0);
  // One byte per character: a plain copy instead of an encoder.
  frame.write(text, start, textBytes === text.length ? 'latin1' : 'utf8');
  return frame;
}

/** The frame of a packet as every peer without an extension understands it. Messages of bytes go as they are. */
export function plainFrame(packet: Packet): Frame {
  const { data } = packet;
  if (isBinary(data)) return bytesFrame(finalBinary, toBuffer(data));
  return textFrame(typeDigit(packet.type), toText(data));
}

/**
 * The compressed frame of a packet, or the plain one if it has fewer than `thresholdBytes`.
 * Each message is compressed by itself: it may then be shared by all connections, and none keeps a window.
 */
export function compressedFrame(packet: Packet, thresholdBytes: number, zlib: ZlibOptions): Frame {
  const { data } = packet;
  const binary = isBinary(data);
  const payload = binary ? toBuffer(data) : Buffer.from(typeDigit(packet.type) + toText(data));
  if (payload.length < thresholdBytes) return plainFrame(packet);
  const deflated = deflateRawSync(payload, { ...zlib, finishFlush: constants.Z_SYNC_FLUSH });
  // RFC 7692: the four bytes 00 00 ff ff that end a flushed block are left out.
  return bytesFrame((binary ? finalBinary : finalText) | compressedBit, deflated.subarray(0, -4));
}

const cache = Symbol('frames built from these options');

interface CachedFrame {
  readonly data: unknown;
  readonly compressed: boolean;
  readonly frame: Frame;
  readonly next: CachedFrame | undefined;
}

type CachingOptions = SendOptions & { [cache]?: CachedFrame };

/**
 * The frame of a packet, built once for all recipients of a broadcast: they share one options object,
 * and an event with attachments shares it between its few packets too.
 */
export function sharedFrame(packet: Packet, compressed: boolean, build: (packet: Packet) => Frame): Frame {
  const options: CachingOptions | undefined = packet.options;
  if (options === undefined || !isShared(options)) return build(packet);
  const { data } = packet;
  for (let known = options[cache]; known !== undefined; known = known.next)
    if (known.data === data && known.compressed === compressed) return known.frame;
  const frame = preBuilt(packet, compressed) ?? build(packet);
  options[cache] = { data, compressed, frame, next: options[cache] };
  return frame;
}

/** Whether the same objects go to every recipient of a broadcast. */
export function isShared(options: SendOptions): boolean {
  return options.preEncoded === true || options.wsPreEncodedFrame !== undefined;
}

function preBuilt({ options = {} }: Packet, compressed: boolean): Buffer | undefined {
  // What our own broadcasts would build for other engines is not worth asking for.
  if (compressed || !Object.hasOwn(options, 'wsPreEncodedFrame')) return undefined;
  const parts = options.wsPreEncodedFrame;
  if (parts === undefined) return undefined;
  const [first] = parts;
  return parts.length === 1 && Buffer.isBuffer(first) ? first : Buffer.concat(parts);
}

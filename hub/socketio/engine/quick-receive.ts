/**
 * Reads the usual frames of a connection (whole, uncompressed, of less than 64 kB) straight from the bytes that the
 * socket brings. All else is the receiver's of `ws`, as ever: fragments, control frames, whatever breaks the protocol,
 * and what follows until that receiver is between two frames again. Should a later `ws` keep its state otherwise,
 * it gets everything, and nothing is lost but time.
 * Spec: RFC 6455 section 5.2; a client masks what it sends (5.3), and text is UTF-8 (8.1).
 */
import { isUtf8 } from 'node:buffer';
import type { WebSocket } from 'ws';

/** Who gets what was read from a WebSocket. */
export interface FrameReader {
  readonly socket: WebSocket;
  /** The data of a message packet: text behind its digit, or bytes. */
  onMessage(data: string | Buffer): void;
  /** Any other text. */
  onText(text: string): void;
}

const readerOf = Symbol('who reads what a receiver gets');

/** What of the receiver of `ws` is used and not in its types. */
interface Receiver {
  write(chunk: Buffer): boolean;
  readonly writableLength: number;
  readonly _state: number;
  readonly _bufferedBytes: number;
  readonly _fragmented: number;
  readonly _maxPayload: number;
  [readerOf]?: FrameReader;
}

/** As `ws` and browsers have it. */
const open = 1;
const finalText = 0x81;
const finalBinary = 0x82;
const messageDigit = 0x34;

/** Puts the quick way before the receiver of a WebSocket, if it is one of `ws`. */
export function receiveQuickly(reader: FrameReader): void {
  const { _receiver: receiver } = reader.socket as unknown as { _receiver?: Receiver };
  if (typeof receiver?._state !== 'number') return;
  receiver[readerOf] = reader;
  receiver.write = write;
}

/** Instead of the receiver's own method, which is behind it on the prototype. */
function write(this: Receiver, chunk: Buffer): boolean {
  const taken = isBetweenFrames(this) ? takeFrames(this, chunk) : 0;
  if (taken === chunk.length) return true;
  const asEver = Object.getPrototypeOf(this) as Receiver;
  return asEver.write.call(this, taken === 0 ? chunk : chunk.subarray(taken));
}

function isBetweenFrames(receiver: Receiver): boolean {
  return (
    receiver._state === 0 &&
    receiver._bufferedBytes === 0 &&
    receiver._fragmented === 0 &&
    receiver.writableLength === 0
  );
}

/** @returns how many bytes of the chunk were whole frames that could be read */
function takeFrames(receiver: Receiver, chunk: Buffer): number {
  const reader = receiver[readerOf] as FrameReader;
  // Somebody else listens as well: then all has to come from `ws`.
  if (reader.socket.listenerCount('message') > 1) return 0;
  const longest = receiver._maxPayload > 0 ? receiver._maxPayload : Infinity;
  let at = 0;
  while (reader.socket.readyState === open) {
    const end = takeFrame(chunk, at, longest, reader);
    if (end === at) break;
    at = end;
  }
  return at;
}

/** Reads the frame that begins at `at`. @returns its end, or `at` again if it is not of the usual kind */
function takeFrame(chunk: Buffer, at: number, longest: number, reader: FrameReader): number {
  const first = chunk[at];
  if (at + 6 > chunk.length || (first !== finalText && first !== finalBinary)) return at;
  // Without the bit of the mask it is below zero.
  let length = (chunk[at + 1] as number) - 0x80;
  let maskAt = at + 2;
  if (length === 126) {
    length = chunk.readUInt16BE(maskAt);
    maskAt += 2;
  }
  const start = maskAt + 4;
  const end = start + length;
  if (length < 1 || length > longest || (length === 127 && maskAt === at + 2) || end > chunk.length)
    return at;
  const seen = unmask(chunk, maskAt, start, end);
  if (first === finalBinary) {
    reader.onMessage(chunk.subarray(start, end));
    return end;
  }
  const isAscii = seen < 0x80;
  if (!isAscii && !isUtf8(chunk.subarray(start, end))) {
    unmask(chunk, maskAt, start, end);
    return at;
  }
  const isMessage = chunk[start] === messageDigit;
  const text = chunk.toString(isAscii ? 'latin1' : 'utf8', isMessage ? start + 1 : start, end);
  if (isMessage) reader.onMessage(text);
  else reader.onText(text);
  return end;
}

/** Unmasks in place, or masks again. @returns all bytes, one or the other */
function unmask(chunk: Buffer, maskAt: number, start: number, end: number): number {
  let seen = 0;
  for (let index = start, key = 0; index < end; index += 1, key = (key + 1) & 3) {
    const byte = (chunk[index] as number) ^ (chunk[maskAt + key] as number);
    chunk[index] = byte;
    seen |= byte;
  }
  return seen;
}

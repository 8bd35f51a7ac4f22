/**
 * CBOR (RFC 8949) and MessagePack, read as what the same document in JSON would be. Pure.
 * Libraries: cbor2 and @msgpack/msgpack; both take their input apart without recursion and stop at our bounds.
 */
import { decode as decodeMessagePackItem } from '@msgpack/msgpack';
import { decode as decodeCborItem, Tag } from 'cbor2';
import { limits } from '../limits.ts';
import { readPlainCbor, unread } from './cbor-plain.ts';
import { FormatError } from './decoded.ts';
import { setOwn } from './json.ts';

export type BinaryFormat = 'cbor' | 'msgpack';

const formats: ReadonlyMap<string, BinaryFormat> = new Map([
  ['application/cbor', 'cbor'],
  ['application/senml+cbor', 'cbor'],
  ['application/msgpack', 'msgpack'],
  ['application/x-msgpack', 'msgpack'],
  ['application/vnd.msgpack', 'msgpack'],
]);

/** Made once: the library completes them for every document. */
const cborOptions = { preferMap: true, maxDepth: limits.jsonDepth + 1 } as const;

/** What a media type says that a payload is; undefined for all others. */
export function binaryFormatOf(contentType: string | undefined): BinaryFormat | undefined {
  return contentType === undefined ? undefined : formats.get(contentType.split(';')[0]?.trim() ?? '');
}

/**
 * The format of a payload that does not say it, from its bytes: a map or an array of one of the two which is complete
 * in that one alone. Text, and what could be both, is undefined.
 */
export function guessBinaryFormat(bytes: Uint8Array): BinaryFormat | undefined {
  const [first = 0] = bytes;
  // Below are MessagePack's and CBOR's small integers, and all of ASCII.
  if (first < 0x80) return undefined;
  const isCbor = first <= 0xbf && isComplete(() => decodeItem(bytes, 'cbor'));
  const isMessagePack =
    (first <= 0x9f || (first >= 0xdc && first <= 0xdf)) && isComplete(() => decodeItem(bytes, 'msgpack'));
  if (isCbor === isMessagePack) return undefined;
  return isCbor ? 'cbor' : 'msgpack';
}

/**
 * One complete document. Integers beyond 2^53 become text, digit for digit; times RFC 3339 text; a decimal fraction a
 * number; undefined null. Byte strings stay what they are: JSON has no form for them.
 * @throws {FormatError} `invalid-cbor`, `invalid-msgpack`, `too-deep`
 */
export function decodeBinary(bytes: Uint8Array, format: BinaryFormat): unknown {
  const plain = format === 'cbor' ? readPlainCbor(bytes) : unread;
  if (plain !== unread) return plain;
  let item: unknown;
  try {
    item = decodeItem(bytes, format);
  } catch (error) {
    const name = format === 'cbor' ? 'CBOR' : 'MessagePack';
    throw new FormatError(`invalid-${format}`, `The payload is not valid ${name}.`, { cause: error });
  }
  return toPlain(item, limits.jsonDepth);
}

function decodeItem(bytes: Uint8Array, format: BinaryFormat): unknown {
  if (format === 'cbor') return decodeCborItem(bytes, cborOptions);
  const most = bytes.length;
  return decodeMessagePackItem(bytes, { useBigInt64: true, maxArrayLength: most, maxMapLength: most });
}

function isComplete(decode: () => unknown): boolean {
  try {
    const item = decode();
    return item instanceof Map || (typeof item === 'object' && item !== null);
  } catch {
    return false;
  }
}

function toPlain(item: unknown, depthLeft: number): unknown {
  if (item === undefined) return null;
  if (typeof item === 'bigint') return Number.isSafeInteger(Number(item)) ? Number(item) : String(item);
  if (typeof item !== 'object' || item === null || item instanceof Uint8Array) return item;
  if (item instanceof Date) return Number.isNaN(item.getTime()) ? null : item.toISOString();
  if (item instanceof Tag) return fractionOf(item) ?? toPlain(item.contents, depthLeft);
  if (depthLeft === 0)
    throw new FormatError('too-deep', `The payload nests deeper than ${limits.jsonDepth} levels.`);
  if (Array.isArray(item)) return item.map((part: unknown) => toPlain(part, depthLeft - 1));
  const plain: Record<string, unknown> = {};
  for (const [key, value] of item instanceof Map ? (item as Map<unknown, unknown>) : Object.entries(item))
    setOwn(plain, String(key), toPlain(value, depthLeft - 1));
  return plain;
}

/** RFC 8949 §3.4.4: [exponent, mantissa] to the base of 10 (tag 4) or 2 (tag 5). */
function fractionOf({ tag, contents }: Tag): number | undefined {
  const base = Number(tag) === 4 ? 10 : Number(tag) === 5 ? 2 : undefined;
  if (base === undefined || !Array.isArray(contents) || contents.length !== 2) return undefined;
  const [exponent, mantissa] = (contents as readonly unknown[]).map(Number) as [number, number];
  // As text: 27315 × 10^-2 is 273.15, while the multiplication would be a little off.
  return base === 10 ? Number(`${mantissa}e${exponent}`) : mantissa * 2 ** exponent;
}

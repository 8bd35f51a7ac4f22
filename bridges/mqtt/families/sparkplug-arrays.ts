/**
 * The array types of Sparkplug 3.0 (6.4.16): packed little-endian into bytes; booleans as bits behind their count, the
 * first the highest; texts ended by a zero. Pure.
 */
import type { Value } from '#contract/reading.ts';

interface Kind {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => Value;
}

const littleEndian = true;
const latestMs = 8.64e15;

const kinds: ReadonlyMap<number, Kind> = new Map([
  [22, { bytes: 1, read: (view, at) => view.getInt8(at) }],
  [23, { bytes: 2, read: (view, at) => view.getInt16(at, littleEndian) }],
  [24, { bytes: 4, read: (view, at) => view.getInt32(at, littleEndian) }],
  [25, { bytes: 8, read: (view, at) => exact(view.getBigInt64(at, littleEndian)) }],
  [26, { bytes: 1, read: (view, at) => view.getUint8(at) }],
  [27, { bytes: 2, read: (view, at) => view.getUint16(at, littleEndian) }],
  [28, { bytes: 4, read: (view, at) => view.getUint32(at, littleEndian) }],
  [29, { bytes: 8, read: (view, at) => exact(view.getBigUint64(at, littleEndian)) }],
  [30, { bytes: 4, read: (view, at) => shortestFloat(view.getFloat32(at, littleEndian)) }],
  [31, { bytes: 8, read: (view, at) => view.getFloat64(at, littleEndian) }],
  [34, { bytes: 8, read: (view, at) => toInstant(view.getBigInt64(at, littleEndian)) }],
] satisfies readonly (readonly [number, Kind])[]);
const booleans = 32;
const texts = 33;

/** @returns undefined: it is no array, or its bytes are not those of one */
export function readArray(datatype: number, bytes: Uint8Array): readonly Value[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (datatype === booleans) return readBooleans(view);
  if (datatype === texts) return readTexts(bytes);
  const kind = kinds.get(datatype);
  if (kind === undefined || bytes.length % kind.bytes !== 0) return undefined;
  return Array.from({ length: bytes.length / kind.bytes }, (_, index) => kind.read(view, index * kind.bytes));
}

/** 12.3 in 32 bits is 12.300000190734863 in 64: the shortest digits that mean the same 32 bits. */
export function shortestFloat(value: number): number {
  for (let digits = 6; digits <= 9; digits += 1) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}

function readBooleans(view: DataView): readonly Value[] | undefined {
  if (view.byteLength < 4) return undefined;
  const count = view.getUint32(0, littleEndian);
  if (view.byteLength - 4 !== Math.ceil(count / 8)) return undefined;
  return Array.from(
    { length: count },
    (_, index) => (view.getUint8(4 + (index >> 3)) & (0x80 >> (index & 7))) !== 0,
  );
}

function readTexts(bytes: Uint8Array): readonly Value[] | undefined {
  if (bytes.length === 0) return [];
  if (bytes.at(-1) !== 0) return undefined;
  return new TextDecoder().decode(bytes.subarray(0, -1)).split('\0');
}

/** Digit for digit where a double would round. */
function exact(value: bigint): Value {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function toInstant(value: bigint): Value {
  const ms = Number(value);
  return Math.abs(ms) <= latestMs ? new Date(ms).toISOString() : exact(value);
}

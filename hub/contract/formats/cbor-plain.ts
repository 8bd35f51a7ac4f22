/**
 * CBOR (RFC 8949) as small devices write it: maps and arrays of known length, integers of 32 bits, floats, text, and the
 * simple values of JSON. A library that reads all of CBOR takes six times as long for the same bytes, which was half of
 * what a SenML pack cost; whatever is rarer, or wrong, is left to it. Pure.
 */
import { limits } from '../limits.ts';
import { setOwn } from './json.ts';

/** Something in it is for the library to read or to refuse. */
export const unread = Symbol('unread');

/** §3.1, by number. */
const Major = { unsigned: 0, negative: 1, text: 3, array: 4, map: 5, simple: 7 } as const;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One complete document as its JSON would be, or {@link unread}. */
export function readPlainCbor(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const item = reader.item(limits.jsonDepth);
  return reader.isAtEnd ? item : unread;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  item(depthLeft: number): unknown {
    const head = this.#bytes[this.#at];
    if (head === undefined) return unread;
    this.#at += 1;
    const major = head >> 5;
    if (major === Major.simple) return this.#simple(head);
    const argument = this.#argument(head & 0x1f);
    if (argument === undefined) return unread;
    if (major === Major.unsigned) return argument;
    if (major === Major.negative) return -1 - argument;
    // Each element has a byte at least.
    if (argument > this.#left) return unread;
    if (major === Major.text) return this.#text(argument);
    if (depthLeft === 0) return unread;
    if (major === Major.array) return this.#array(argument, depthLeft - 1);
    return major === Major.map ? this.#map(argument, depthLeft - 1) : unread;
  }

  get #left(): number {
    return this.#bytes.length - this.#at;
  }

  /** §3: within the head, or in 1, 2 or 4 bytes behind it. */
  #argument(info: number): number | undefined {
    if (info < 24) return info;
    const size = info === 24 ? 1 : info === 25 ? 2 : info === 26 ? 4 : Infinity;
    const at = this.#take(size);
    if (at === undefined) return undefined;
    return size === 1
      ? this.#view.getUint8(at)
      : size === 2
        ? this.#view.getUint16(at)
        : this.#view.getUint32(at);
  }

  /** §3.3. Undefined has no form in JSON: it is null there. */
  #simple(head: number): unknown {
    if (head === 0xf4 || head === 0xf5) return head === 0xf5;
    if (head === 0xf6 || head === 0xf7) return null;
    const size = head === 0xf9 ? 2 : head === 0xfa ? 4 : head === 0xfb ? 8 : Infinity;
    const at = this.#take(size);
    if (at === undefined) return unread;
    return size === 2
      ? this.#view.getFloat16(at)
      : size === 4
        ? this.#view.getFloat32(at)
        : this.#view.getFloat64(at);
  }

  #text(length: number): unknown {
    const from = this.#at;
    this.#at += length;
    try {
      return utf8.decode(this.#bytes.subarray(from, this.#at));
    } catch {
      return unread;
    }
  }

  #array(length: number, depthLeft: number): unknown {
    const items: unknown[] = [];
    for (let index = 0; index < length; index += 1) {
      const item = this.item(depthLeft);
      if (item === unread) return unread;
      items.push(item);
    }
    return items;
  }

  /** A key that comes twice, or is no text and no number, is for the library to judge. */
  #map(length: number, depthLeft: number): unknown {
    const fields: Record<string, unknown> = {};
    for (let index = 0; index < length; index += 1) {
      const key = this.item(depthLeft);
      if (typeof key !== 'string' && typeof key !== 'number') return unread;
      const name = String(key);
      const value = this.item(depthLeft);
      if (value === unread || Object.hasOwn(fields, name)) return unread;
      setOwn(fields, name, value);
    }
    return fields;
  }

  /** Where so many bytes begin; undefined if there are fewer. */
  #take(size: number): number | undefined {
    if (size > this.#left) return undefined;
    const at = this.#at;
    this.#at += size;
    return at;
  }
}

/**
 * The latest packets of a namespace, numbered from 0: a queue bounded by bytes and by age.
 * Kept as JSON text in parallel columns, which takes a fifth of what the objects would.
 */
import type { BroadcastOptions } from './adapter.ts';
import { containsBinary } from './packet.ts';
import type { Room } from './rooms.ts';

/** Who a packet was for. One room, by far the most common, is kept as its name. */
type Target = Room | { readonly rooms: ReadonlySet<Room>; readonly except: ReadonlySet<Room> } | undefined;

/** Per packet, beside its text: three columns and the string's own header. */
const overheadBytes = 48;
const compactAfter = 1024;

export class PacketLog {
  readonly #maxBytes: number;
  #texts: (string | readonly unknown[])[] = [];
  #targets: Target[] = [];
  #timesMs: number[] = [];
  /** Entries before this one are gone; the columns are cut now and then. */
  #first = 0;
  #base = 0;
  #bytes = 0;
  #lostBefore = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The number of the packet that will come next. */
  get end(): number {
    return this.#base + this.#texts.length;
  }

  /** Packets before this one were dropped for space: who needs them cannot be helped. */
  get lostBefore(): number {
    return this.#lostBefore;
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(data: readonly unknown[], { rooms, except }: BroadcastOptions, nowMs: number): void {
    const kept = containsBinary(data) ? data.slice() : JSON.stringify(data);
    this.#texts.push(kept);
    this.#targets.push(targetOf(rooms, except));
    this.#timesMs.push(nowMs);
    this.#bytes += sizeOf(kept);
    while (this.#bytes > this.#maxBytes && this.#first < this.#texts.length) {
      this.#dropFirst();
      this.#lostBefore = this.#base + this.#first;
    }
    this.#compact();
  }

  /** Drops what was sent before `timeMs`. */
  expire(timeMs: number): void {
    while (this.#first < this.#texts.length && (this.#timesMs[this.#first] as number) < timeMs)
      this.#dropFirst();
    this.#compact();
  }

  /** The packet of that number if it is still there and was for one of `rooms`. */
  read(number: number, rooms: ReadonlySet<Room>): unknown[] | undefined {
    const at = number - this.#base;
    if (at < this.#first || at >= this.#texts.length || !isFor(this.#targets[at], rooms)) return undefined;
    const kept = this.#texts[at];
    return typeof kept === 'string' ? (JSON.parse(kept) as unknown[]) : (kept as readonly unknown[]).slice();
  }

  #dropFirst(): void {
    this.#bytes -= sizeOf(this.#texts[this.#first] as string);
    this.#texts[this.#first] = '';
    this.#targets[this.#first] = undefined;
    this.#first += 1;
  }

  #compact(): void {
    if (this.#first < compactAfter || this.#first * 2 < this.#texts.length) return;
    this.#texts = this.#texts.slice(this.#first);
    this.#targets = this.#targets.slice(this.#first);
    this.#timesMs = this.#timesMs.slice(this.#first);
    this.#base += this.#first;
    this.#first = 0;
  }
}

function targetOf(rooms: ReadonlySet<Room>, except: ReadonlySet<Room> | undefined): Target {
  if (except !== undefined && except.size > 0) return { rooms: new Set(rooms), except: new Set(except) };
  if (rooms.size === 0) return undefined;
  if (rooms.size > 1) return { rooms: new Set(rooms), except: new Set() };
  const [only] = rooms;
  return only;
}

function isFor(target: Target, joined: ReadonlySet<Room>): boolean {
  if (target === undefined) return true;
  if (typeof target !== 'object') return joined.has(target);
  return (target.rooms.size === 0 || sharesAny(target.rooms, joined)) && !sharesAny(target.except, joined);
}

/** Not `Set.isDisjointFrom`, which Node 20 lacks. */
function sharesAny(some: ReadonlySet<Room>, others: ReadonlySet<Room>): boolean {
  for (const room of some) if (others.has(room)) return true;
  return false;
}

function sizeOf(kept: string | readonly unknown[]): number {
  return overheadBytes + (typeof kept === 'string' ? kept.length : binarySize(kept));
}

/** Binary packets are kept as they are: their parts are counted, the rest is small. */
function binarySize(value: unknown): number {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 0;
  for (const element of Object.values(value)) bytes += binarySize(element);
  return bytes;
}

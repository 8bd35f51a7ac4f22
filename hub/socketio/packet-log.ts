/**
 * The latest packets of a namespace, numbered from 0: a queue bounded by bytes and by age.
 * Kept as JSON text in parallel columns, which takes a fifth of what the objects would. Each packet knows the one
 * before it in its room: what a session missed is found without looking at what was for others.
 */
import type { BroadcastOptions } from './adapter.ts';
import { containsBinary } from './packet.ts';
import type { Room } from './rooms.ts';

/** Where packets are looked for: a room, or `undefined` for those to the whole namespace. */
type Place = Room | undefined;

/** Who a packet was for, if not for one place: with the number of the packet before it in each of its places. */
interface ManifoldTarget {
  readonly except: ReadonlySet<Room>;
  readonly previous: ReadonlyMap<Place, number>;
}

type Target = Place | ManifoldTarget;

/** Per packet, beside its text: four columns and the string's own header. */
const overheadBytes = 56;
/** Per place of a packet that has several. */
const placeBytes = 64;
const none = -1;
const compactAfter = 1024;

export class PacketLog {
  readonly #maxBytes: number;
  #texts: (string | readonly unknown[])[] = [];
  #targets: Target[] = [];
  /** The number of the packet before it in the same place. */
  #previous: number[] = [];
  readonly #last = new Map<Place, number>();
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
    this.#link(this.end, rooms, except);
    this.#texts.push(kept);
    this.#timesMs.push(nowMs);
    this.#bytes += sizeOf(kept, this.#targets.at(-1));
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

  /** The packets from that number on that were for one of `rooms`, in their order. */
  since(from: number, rooms: ReadonlySet<Room>): { number: number; data: unknown[] }[] {
    const oldest = Math.max(from, this.#base + this.#first);
    const found = new Set<number>();
    for (const place of [undefined, ...rooms]) this.#collect(place, oldest, rooms, found);
    return [...found]
      .toSorted((a, b) => a - b)
      .map((number) => ({ number, data: dataOf(this.#texts[number - this.#base] ?? []) }));
  }

  #collect(place: Place, oldest: number, rooms: ReadonlySet<Room>, found: Set<number>): void {
    let number = this.#last.get(place) ?? none;
    while (number >= oldest) {
      const target = this.#targets[number - this.#base];
      if (!isManifold(target)) {
        found.add(number);
        number = this.#previous[number - this.#base] ?? none;
      } else {
        if (!sharesAny(target.except, rooms)) found.add(number);
        number = target.previous.get(place) ?? none;
      }
    }
  }

  #link(number: number, rooms: ReadonlySet<Room>, except: ReadonlySet<Room> | undefined): void {
    const places: Place[] = rooms.size === 0 ? [undefined] : [...rooms];
    const previous = places.map((place) => this.#last.get(place) ?? none);
    for (const place of places) this.#last.set(place, number);
    const isSimple = places.length === 1 && (except === undefined || except.size === 0);
    this.#previous.push(isSimple ? (previous[0] ?? none) : none);
    this.#targets.push(
      isSimple
        ? places[0]
        : {
            except: new Set(except),
            previous: new Map(places.map((place, index) => [place, previous[index] ?? none])),
          },
    );
  }

  #dropFirst(): void {
    const target = this.#targets[this.#first];
    for (const place of isManifold(target) ? target.previous.keys() : [target]) {
      if (this.#last.get(place) === this.#base + this.#first) this.#last.delete(place);
    }
    this.#bytes -= sizeOf(this.#texts[this.#first] as string, target);
    this.#texts[this.#first] = '';
    this.#targets[this.#first] = undefined;
    this.#first += 1;
  }

  #compact(): void {
    if (this.#first < compactAfter || this.#first * 2 < this.#texts.length) return;
    this.#texts = this.#texts.slice(this.#first);
    this.#targets = this.#targets.slice(this.#first);
    this.#previous = this.#previous.slice(this.#first);
    this.#timesMs = this.#timesMs.slice(this.#first);
    this.#base += this.#first;
    this.#first = 0;
  }
}

function dataOf(kept: string | readonly unknown[]): unknown[] {
  return typeof kept === 'string' ? (JSON.parse(kept) as unknown[]) : kept.slice();
}

function isManifold(target: Target): target is ManifoldTarget {
  return typeof target === 'object';
}

/** Not `Set.isDisjointFrom`, which Node 20 lacks. */
function sharesAny(some: ReadonlySet<Room>, others: ReadonlySet<Room>): boolean {
  for (const room of some) if (others.has(room)) return true;
  return false;
}

function sizeOf(kept: string | readonly unknown[], target: Target): number {
  const targetBytes = isManifold(target) ? (target.previous.size + target.except.size) * placeBytes : 0;
  return overheadBytes + targetBytes + (typeof kept === 'string' ? kept.length : binarySize(kept));
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

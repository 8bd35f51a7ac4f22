/**
 * The text of frames. What one device told at one instant is put into JSON once, however many views show it: a frame
 * is then joined from parts, and one of ten thousand readings for two hundred views is not ten thousand times as much.
 * The shape is that of `#contract/frame.ts`. Pure.
 */
import type { CommittedReading, Reading, Value } from '#contract/reading.ts';
import type { SeriesEntry } from './latest-values.ts';

/** A reading on its way to the views that show it. */
export class Shown {
  readonly entry: SeriesEntry;
  readonly reading: CommittedReading;
  readonly instant: Instant;
  #text: string | undefined = undefined;

  constructor(entry: SeriesEntry, reading: CommittedReading, instant: Instant) {
    this.entry = entry;
    this.reading = reading;
    this.instant = instant;
  }

  /** A member of `values`. */
  get text(): string {
    return (this.#text ??= this.entry.name + valueText(this.reading.value));
  }
}

/** Readings of one commit that follow each other and stand together in a frame; of each series at most one. */
export class Instant {
  static #count = 0;
  /** Each series notes that of its last instant: which ones are in here already needs no search. */
  readonly #number = (Instant.#count += 1);
  readonly #shown: Shown[] = [];
  #name: string | undefined = undefined;
  #values: string | undefined = undefined;

  /** Joins the readings before it, or begins anew. */
  static of(entry: SeriesEntry, reading: CommittedReading, before?: Shown): Shown {
    const instant = before?.instant.takes(entry, reading) === true ? before.instant : new Instant();
    const shown = new Shown(entry, reading, instant);
    instant.#shown.push(shown);
    entry.instant = instant.#number;
    return shown;
  }

  /** The group of a frame that begins there in `list`. @returns where the next one begins */
  static groupAt(list: readonly Shown[], start: number): { readonly values: string; readonly end: number } {
    const first = list[start] as Shown;
    const { instant } = first;
    const all = instant.#shown;
    let same = 0;
    while (same < all.length && list[start + same] === all[same]) same += 1;
    if (same === all.length) return { values: (instant.#values ??= joined(all, 0, same)), end: start + same };
    let end = start + 1;
    while (list[end]?.instant === instant) end += 1;
    return { values: joined(list, start, end), end };
  }

  /** The device, as JSON. */
  get name(): string {
    return (this.#name ??= JSON.stringify(this.#shown[0]?.reading.device));
  }

  /** Whether a reading stands together with these. */
  takes(entry: SeriesEntry, reading: CommittedReading): boolean {
    const [first] = this.#shown;
    return first !== undefined && entry.instant !== this.#number && isTogether(first.reading, reading);
  }
}

/** As `JSON.stringify` has it: most are finite numbers, which are their own text. */
function valueText(value: Value): string {
  return Number.isFinite(value) ? `${value as number}` : JSON.stringify(value);
}

function joined(list: readonly Shown[], start: number, end: number): string {
  let text = (list[start] as Shown).text;
  for (let at = start + 1; at < end; at += 1) text += `,${(list[at] as Shown).text}`;
  return text;
}

function isTogether(one: Reading, other: Reading): boolean {
  return (
    one.timeUs === other.timeUs &&
    one.device === other.device &&
    one.group === other.group &&
    one.quality === other.quality &&
    one.tags === other.tags
  );
}

/** @param nameOf how the device is called in the frame, if not by its name. @returns `"time":…,"readings":[…]` */
export function readingsText(list: readonly Shown[], nameOf?: (reading: Reading) => string): string {
  const time = Math.floor((list[0]?.reading.timeUs ?? 0) / 1000);
  let groups = '';
  for (let at = 0; at < list.length;) {
    const { reading, instant } = list[at] as Shown;
    const { values, end } = Instant.groupAt(list, at);
    const name = nameOf === undefined ? instant.name : JSON.stringify(nameOf(reading));
    const afterMs = (reading.timeUs - time * 1000) / 1000;
    groups += `${at === 0 ? '' : ','}[${name},${afterMs},{${values}}${endOf(reading)}]`;
    at = end;
  }
  return `"time":${time},"readings":[${groups}]`;
}

function endOf({ quality, tags }: Reading): string {
  if (tags !== undefined) return `,"${quality}",${JSON.stringify(tags)}`;
  return quality === 'good' ? '' : `,"${quality}"`;
}

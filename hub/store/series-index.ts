/**
 * The series of the file in memory, nested as their names are: finding one builds no string, and a device's map
 * says how many it has. Numbers are given here; the file learns of a series together with its first reading.
 */
import type { DeviceName } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import type { LineName, Series, Tags } from '#contract/reading.ts';
import { SeriesMap, TagsKeys } from '#contract/series-map.ts';
import type { SeriesIndex } from '#ports';
import type { MovedSeries, SeriesRow } from './messages.ts';
import { lineToText, tagsOfText, tagsToText } from './rows.ts';

/** A series of a device, and the next one: most devices have a few, for which a chain is smaller than any map. */
interface Known {
  readonly metric: string;
  /** As `tagsKey` writes them. */
  readonly tags: string;
  readonly id: number;
  /** Its names in line protocol are known. */
  isNamed: boolean;
  readonly next: Known | undefined;
}

/** The series of a device. */
type OfDevice = Known | SeriesMap<Known>;

/** From so many on a chain is slow to look through. */
const chained = 16;

export class StoreSeriesIndex implements SeriesIndex {
  readonly #groups = new Map<string, Map<string, OfDevice>>();
  /** Not in the file yet, as far as this thread knows. */
  readonly #unsaved = new Map<number, SeriesRow>();
  readonly #tagsKeys = new TagsKeys();
  #newest = 0;
  #size = 0;

  constructor(saved: readonly SeriesRow[] = []) {
    this.load(saved);
  }

  /** More of them, as they are in the file. */
  load(saved: readonly SeriesRow[]): void {
    for (const row of saved) {
      const { group, device, metric } = row;
      this.#put({ group, device, metric, tags: tagsOfText(row.tags) }, row.id, row.line !== '');
      this.#newest = Math.max(this.#newest, row.id);
    }
  }

  get size(): number {
    return this.#size;
  }

  find(series: Series): number | undefined {
    return this.#known(series)?.id;
  }

  /** @param line a reading of it came as line protocol: the names of the first one stay the series' */
  add(series: Series, line?: LineName): number {
    const known = this.#known(series) ?? this.#addNew(series);
    if (line !== undefined && !known.isNamed) {
      known.isNamed = true;
      this.#unsaved.set(known.id, { ...rowOf(known.id, series), line: lineToText(line) });
    }
    return known.id;
  }

  #addNew(series: Series): Known {
    const id = (this.#newest += 1);
    this.#unsaved.set(id, rowOf(id, series));
    return this.#put(series, id, false);
  }

  /**
   * All series of a device belong to another one from now on. One that the other has too gets a tag with the old name,
   * so that both stay what they are.
   */
  move(from: DeviceName, to: DeviceName): readonly MovedSeries[] {
    const known = this.#groups.get(from.group)?.get(from.device);
    const series = [...knownOf(known)].toSorted((a, b) => a.id - b.id);
    this.#groups.get(from.group)?.delete(from.device);
    this.#size -= series.length;
    return series.map(({ metric, tags: key, id, isNamed }) => {
      const named = { metric, tags: tagsOfKey(key) };
      const isTaken = (tags: Tags | undefined): boolean => this.find({ ...to, ...named, tags }) !== undefined;
      let { tags } = named;
      for (let part = 1; isTaken(tags); part += 1)
        tags = sorted({ ...named.tags, merged: mergedTag(from, part) });
      const moved = { ...to, metric: named.metric, tags };
      this.#put(moved, id, isNamed);
      const unsaved = this.#unsaved.get(id);
      if (unsaved !== undefined) this.#unsaved.set(id, { ...rowOf(id, moved), line: unsaved.line });
      return { id, tags: tagsToText(tags) };
    });
  }

  countOf(group: string, device: string): number {
    const known = this.#groups.get(group)?.get(device);
    return known instanceof SeriesMap ? known.size : [...knownOf(known)].length;
  }

  /** The row that has to be written before the series' readings; undefined once it is durable. */
  unsaved(id: number): SeriesRow | undefined {
    return this.#unsaved.size === 0 ? undefined : this.#unsaved.get(id);
  }

  saved(rows: readonly SeriesRow[]): void {
    // It may have been named since.
    for (const row of rows) if (this.#unsaved.get(row.id) === row) this.#unsaved.delete(row.id);
  }

  #known(series: Series): Known | undefined {
    const first = this.#groups.get(series.group)?.get(series.device);
    if (first === undefined) return undefined;
    const { metric } = series;
    const tags = this.#tagsKeys.of(series.tags);
    if (first instanceof SeriesMap) return first.get(metric, tags);
    let known: Known | undefined = first;
    while (known !== undefined && !(known.metric === metric && known.tags === tags)) known = known.next;
    return known;
  }

  #put(series: Series, id: number, isNamed: boolean): Known {
    const { group, device, metric } = series;
    let devices = this.#groups.get(group);
    if (devices === undefined) this.#groups.set(group, (devices = new Map()));
    const others = devices.get(device);
    const next = others instanceof SeriesMap ? undefined : others;
    const known: Known = { metric, tags: this.#tagsKeys.of(series.tags), id, isNamed, next };
    devices.set(device, withOneMore(others, known));
    this.#size += 1;
    return known;
  }
}

function* knownOf(ofDevice: OfDevice | undefined): Iterable<Known> {
  if (ofDevice instanceof SeriesMap) yield* ofDevice.values();
  else for (let known = ofDevice; known !== undefined; known = known.next) yield known;
}

/** @param known the head of the chain already, if it is one */
function withOneMore(others: OfDevice | undefined, known: Known): OfDevice {
  const all = others instanceof SeriesMap ? [known] : [...knownOf(known)];
  if (all.length <= chained && !(others instanceof SeriesMap)) return known;
  const map = others instanceof SeriesMap ? others : new SeriesMap<Known>();
  for (const each of all) map.set(each.metric, each.tags, each);
  return map;
}

function rowOf(id: number, { group, device, metric, tags }: Series): SeriesRow {
  return { id, group, device, metric, tags: tagsToText(tags), line: '' };
}

function tagsOfKey(key: string): Tags | undefined {
  if (key === '') return undefined;
  const pairs = key.split(',').map((pair) => pair.split('=').map(decodeURIComponent));
  return Object.fromEntries(pairs) as Tags;
}

function mergedTag({ group, device }: DeviceName, part: number): string {
  const suffix = part === 1 ? '' : `#${part}`;
  return `${group}/${device}`.slice(0, limits.tagValueChars - suffix.length) + suffix;
}

function sorted(tags: Readonly<Record<string, string>>): Tags {
  return Object.fromEntries(Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

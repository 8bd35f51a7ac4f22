/**
 * The newest value of every series, and which views show it. Bounded by the series that ingest admits
 * (`limits.seriesPerDevice`). Pure memory: no clock, no I/O.
 */
import {
  tagsKey,
  type CommittedReading,
  type Quality,
  type Reading,
  type Tags,
  type Value,
} from '#contract/reading.ts';
import { SeriesMap, TagsKeys } from '#contract/series-map.ts';
import type { View } from './views.ts';

/** One series: its newest reading and the open views that cover it, so that publishing costs only those. */
export class SeriesEntry {
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  readonly tags: Tags | undefined;
  views: View[] = noViews;
  /** Number of the last instant of `frame-text.ts` that it was in. */
  instant = 0;
  #name: string | undefined = undefined;
  #offset: number;
  #timeUs: number;
  #value: Value;
  #quality: Quality;
  #stampedBy: Reading['stampedBy'];

  constructor({ group, device, metric, tags, offset, timeUs, value, quality, stampedBy }: CommittedReading) {
    this.group = group;
    this.device = device;
    this.metric = metric;
    this.tags = tags;
    this.#offset = offset;
    this.#timeUs = timeUs;
    this.#value = value;
    this.#quality = quality;
    this.#stampedBy = stampedBy;
  }

  /** The metric with a colon, as frames have it; made for those that somebody looks at. */
  get name(): string {
    return (this.#name ??= `${JSON.stringify(this.metric)}:`);
  }

  get offset(): number {
    return this.#offset;
  }

  get timeUs(): number {
    return this.#timeUs;
  }

  get value(): Value {
    return this.#value;
  }

  get quality(): Quality {
    return this.#quality;
  }

  /** Newest by its own time; of two at the same time, the one that was committed later. */
  get newest(): CommittedReading {
    const { group, device, metric, tags } = this;
    const series = tags === undefined ? { group, device, metric } : { group, device, metric, tags };
    const [offset, timeUs, value] = [this.#offset, this.#timeUs, this.#value];
    return { ...series, offset, timeUs, value, quality: this.#quality, stampedBy: this.#stampedBy };
  }
  set newest({ offset, timeUs, value, quality, stampedBy }: CommittedReading) {
    this.#offset = offset;
    this.#timeUs = timeUs;
    this.#value = value;
    this.#quality = quality;
    this.#stampedBy = stampedBy;
  }
}

/** Of the series that nobody looks at, which are most. Never added to: the first view brings a list of its own. */
export const noViews: View[] = [];

export class LatestValues {
  readonly #groups = new Map<string, Map<string, SeriesEntry | SeriesOfDevice>>();
  readonly #tagsKeys = new TagsKeys();

  /** Notes a committed reading. A late one, older than what is known, does not replace it. */
  take(reading: CommittedReading): { readonly entry: SeriesEntry; readonly isNew: boolean } {
    const known = this.#find(reading);
    if (known === undefined) return { entry: this.#add(reading), isNew: true };
    const isLater = reading.timeUs === known.timeUs && reading.offset >= known.offset;
    if (reading.timeUs > known.timeUs || isLater) known.newest = reading;
    return { entry: known, isNew: false };
  }

  /** Notes a state replay: it has no offset, and shows only if nothing as new is known. Undefined = it changed nothing. */
  seed(state: Reading): { readonly entry: SeriesEntry; readonly isNew: boolean } | undefined {
    const known = this.#find(state);
    const seeded: CommittedReading = { ...state, offset: 0 };
    if (known === undefined) return { entry: this.#add(seeded), isNew: true };
    if (state.timeUs <= known.timeUs) return undefined;
    known.newest = seeded;
    return { entry: known, isNew: false };
  }

  ofDevice(group: string, device: string): Iterable<SeriesEntry> {
    return entriesOf(this.#groups.get(group)?.get(device));
  }

  /** Forgets a device. @returns its series */
  remove(group: string, device: string): readonly SeriesEntry[] {
    const devices = this.#groups.get(group);
    const entries = entriesOf(devices?.get(device));
    devices?.delete(device);
    if (devices?.size === 0) this.#groups.delete(group);
    return entries;
  }

  groups(): Iterable<string> {
    return this.#groups.keys();
  }

  devices(group: string): Iterable<string> {
    return this.#groups.get(group)?.keys() ?? [];
  }

  #find(reading: Reading): SeriesEntry | undefined {
    const known = this.#groups.get(reading.group)?.get(reading.device);
    if (!(known instanceof SeriesEntry)) return known?.find(reading, this.#tagsKeys);
    return isOf(known, reading) ? known : undefined;
  }

  #add(reading: CommittedReading): SeriesEntry {
    const devices = getOrAdd(
      this.#groups,
      reading.group,
      () => new Map<string, SeriesEntry | SeriesOfDevice>(),
    );
    const entry = new SeriesEntry(reading);
    const known = devices.get(entry.device);
    if (known instanceof SeriesOfDevice) known.add(entry);
    else devices.set(entry.device, known === undefined ? entry : new SeriesOfDevice([known, entry]));
    return entry;
  }
}

function entriesOf(known: SeriesEntry | SeriesOfDevice | undefined): readonly SeriesEntry[] {
  if (known === undefined) return [];
  return known instanceof SeriesEntry ? [known] : known.entries;
}

function isOf({ metric, tags }: SeriesEntry, reading: Reading): boolean {
  return metric === reading.metric && areSame(tags, reading.tags);
}

/** The series of a device that has several. Most have a few, for which a list is smaller than a map, and quicker. */
class SeriesOfDevice {
  readonly entries: SeriesEntry[];
  #map: SeriesMap<SeriesEntry> | undefined;

  constructor(entries: SeriesEntry[]) {
    this.entries = entries;
  }

  find(reading: Reading, tagsKeys: TagsKeys): SeriesEntry | undefined {
    if (this.#map !== undefined) return this.#map.get(reading.metric, tagsKeys.of(reading.tags));
    return this.entries.find((entry) => isOf(entry, reading));
  }

  add(entry: SeriesEntry): void {
    this.entries.push(entry);
    if (this.entries.length < listedSeries) return;
    const missing = this.#map === undefined ? this.entries : [entry];
    this.#map ??= new SeriesMap();
    for (const each of missing) this.#map.set(each.metric, tagsKey(each.tags), each);
  }
}

const listedSeries = 12;

function areSame(some: Tags | undefined, others: Tags | undefined): boolean {
  return some === others || tagsKey(some) === tagsKey(others);
}

function getOrAdd<Key, Item>(map: Map<Key, Item>, key: Key, make: () => Item): Item {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

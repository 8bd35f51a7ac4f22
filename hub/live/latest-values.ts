/**
 * The newest value of every series, and which views show it. Bounded by the series that ingest admits
 * (`limits.seriesPerDevice`). Pure memory: no clock, no I/O.
 */
import { tagsKey, type CommittedReading, type Reading, type Tags } from '#contract/reading.ts';
import type { View } from './views.ts';

/** One series: its newest reading and the open views that cover it, so that publishing costs only those. */
export interface SeriesEntry {
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  /** Newest by its own time; of two at the same time, the one that was committed later. */
  newest: CommittedReading;
  views: View[];
}

/** Of the series that nobody looks at, which are most. Never added to: the first view brings a list of its own. */
export const noViews: View[] = [];

export class LatestValues {
  readonly #groups = new Map<string, Map<string, SeriesOfDevice>>();

  /** Notes a committed reading. A late one, older than what is known, does not replace it. */
  take(reading: CommittedReading): { readonly entry: SeriesEntry; readonly isNew: boolean } {
    const known = this.#find(reading);
    if (known === undefined) return { entry: this.#add(reading), isNew: true };
    if (reading.timeUs >= known.newest.timeUs) known.newest = reading;
    return { entry: known, isNew: false };
  }

  /** Notes a state replay: it has no offset, and shows only if nothing as new is known. Undefined = it changed nothing. */
  seed(state: Reading): { readonly entry: SeriesEntry; readonly isNew: boolean } | undefined {
    const known = this.#find(state);
    const seeded: CommittedReading = { ...state, offset: 0 };
    if (known === undefined) return { entry: this.#add(seeded), isNew: true };
    if (state.timeUs <= known.newest.timeUs) return undefined;
    known.newest = seeded;
    return { entry: known, isNew: false };
  }

  ofDevice(group: string, device: string): Iterable<SeriesEntry> {
    return this.#groups.get(group)?.get(device)?.entries ?? [];
  }

  /** Forgets a device. @returns its series */
  remove(group: string, device: string): readonly SeriesEntry[] {
    const devices = this.#groups.get(group);
    const entries = devices?.get(device)?.entries ?? [];
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
    return this.#groups.get(reading.group)?.get(reading.device)?.find(reading);
  }

  #add(reading: CommittedReading): SeriesEntry {
    const devices = getOrAdd(this.#groups, reading.group, () => new Map<string, SeriesOfDevice>());
    const { group, device, metric } = reading;
    const entry: SeriesEntry = { group, device, metric, newest: reading, views: noViews };
    const known = devices.get(device);
    if (known === undefined) devices.set(device, new SeriesOfDevice(entry));
    else known.add(entry);
    return entry;
  }
}

/** The series of one device. Most have a few, for which a list is smaller than a map, and quicker. */
class SeriesOfDevice {
  readonly entries: SeriesEntry[];
  #byKey: Map<string, SeriesEntry> | undefined;

  constructor(first: SeriesEntry) {
    // Not pushed to an empty list, which would make room for seventeen.
    this.entries = [first];
  }

  find(reading: Reading): SeriesEntry | undefined {
    if (this.#byKey !== undefined) return this.#byKey.get(keyOf(reading));
    return this.entries.find(
      ({ metric, newest }) => metric === reading.metric && areSame(newest.tags, reading.tags),
    );
  }

  add(entry: SeriesEntry): void {
    this.entries.push(entry);
    if (this.entries.length === listedSeries)
      this.#byKey = new Map(this.entries.map((each) => [keyOf(each.newest), each]));
    else this.#byKey?.set(keyOf(entry.newest), entry);
  }
}

const listedSeries = 12;

function keyOf({ metric, tags }: Reading): string {
  const key = tagsKey(tags);
  return key === '' ? metric : `${metric}?${key}`;
}

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

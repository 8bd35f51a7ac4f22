/**
 * The newest value of every series, and which views show it. Bounded by the series that ingest admits
 * (`limits.seriesPerDevice`). Pure memory: no clock, no I/O.
 */
import { seriesKey, type CommittedReading, type Reading } from '#contract/reading.ts';
import type { View } from './views.ts';

/** One series: its newest reading and the open views that cover it, so that publishing costs only those. */
export interface SeriesEntry {
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  /** Newest by its own time; of two at the same time, the one that was committed later. */
  newest: CommittedReading;
  readonly views: Set<View>;
}

type SeriesOfDevice = Map<string, SeriesEntry>;

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
    return this.#groups.get(group)?.get(device)?.values() ?? [];
  }

  groups(): Iterable<string> {
    return this.#groups.keys();
  }

  devices(group: string): Iterable<string> {
    return this.#groups.get(group)?.keys() ?? [];
  }

  #find(reading: Reading): SeriesEntry | undefined {
    return this.#groups.get(reading.group)?.get(reading.device)?.get(seriesKey(reading));
  }

  #add(reading: CommittedReading): SeriesEntry {
    const devices = getOrAdd(this.#groups, reading.group, () => new Map<string, SeriesOfDevice>());
    const series = getOrAdd(devices, reading.device, () => new Map<string, SeriesEntry>());
    const { group, device, metric } = reading;
    const entry: SeriesEntry = { group, device, metric, newest: reading, views: new Set() };
    series.set(seriesKey(reading), entry);
    return entry;
  }
}

function getOrAdd<Key, Item>(map: Map<Key, Item>, key: Key, make: () => Item): Item {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

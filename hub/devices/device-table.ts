/**
 * What all devices of a registry share, so that each of them is small: their numbers lie in tables, and what many have
 * alike (lists of metrics, labels, controls) is there once. Nobody changes what is shared.
 */
import type { DeviceRecord, MetricInfo } from '#contract/device.ts';
import { countsPerDevice, DeviceRow, timesPerDevice } from './device-row.ts';
import { NumberTable } from './number-table.ts';

/** Everything durable that is neither a number nor there in every device. */
export type Rest = Omit<
  DeviceRecord,
  'group' | 'device' | 'title' | 'metrics' | 'createdAt' | 'lastSeen' | 'present'
>;
type Metrics = readonly MetricInfo[];

/** Fleets have few kinds of devices: so many are known at a time. */
const kinds = 2000;
/** What is larger is seldom alike, and costly to compare. */
const kindChars = 4096;
/** Beyond this many a list is slow to look through… */
const indexedAbove = 16;
/** …and one that still grows is its device's own. */
const sharedUpTo = 64;
const bare: Rest = Object.freeze({
  labels: Object.freeze({}),
  controls: Object.freeze([]),
  reported: Object.freeze({}),
});

export class DeviceTable {
  readonly times = new NumberTable(Float64Array, timesPerDevice);
  readonly counts = new NumberTable(Int16Array, countsPerDevice);
  readonly #kinds = new Map<string, object>();
  /** What lists became by one metric more: so many steps as there are kinds, then it begins anew. */
  #longer = new WeakMap<Metrics, Map<string, Metrics>>();
  #steps = 0;
  readonly #indexes = new WeakMap<Metrics, Set<string>>();
  readonly #texts = new WeakMap<Metrics, string>();

  /** A row in both tables. @returns its number */
  add(): number {
    this.counts.add();
    return this.times.add();
  }

  row(row: number): DeviceRow {
    return new DeviceRow(this, row);
  }

  /** The one that is known and equal, else this one, known from now on. */
  share<Shared extends object>(value: Shared): Shared {
    const text = JSON.stringify(value);
    const known = this.#kinds.get(text);
    if (known !== undefined) return known as Shared;
    if (text.length > kindChars) return value;
    // What is forgotten here is still shared by those that have it.
    if (this.#kinds.size >= kinds) this.#kinds.clear();
    this.#kinds.set(text, value);
    return value;
  }

  /** @param before what it was: what is the same is shared already */
  shareRest(rest: Rest, before: Rest = bare): Rest {
    const labels = rest.labels === before.labels ? rest.labels : this.share(rest.labels);
    const controls = rest.controls === before.controls ? rest.controls : this.share(rest.controls);
    const shared = { ...rest, labels, controls };
    return isBare(shared) ? bare : shared;
  }

  /** The list with one metric more of which nothing but its id is known: one list for all that grow alike. */
  withMetric(metrics: Metrics, info: MetricInfo): Metrics {
    if (metrics.length >= sharedUpTo) return this.#withOneMore(metrics, info);
    const found = this.#longer.get(metrics)?.get(info.metric);
    if (found !== undefined) return found;
    const longer = this.share(metrics.concat(info));
    // Devices whose metrics come in ever other orders would keep every list on the way.
    if (this.#steps >= kinds) this.#longer = new WeakMap();
    this.#steps = this.#steps >= kinds ? 1 : this.#steps + 1;
    const known = this.#longer.get(metrics) ?? new Map<string, Metrics>();
    this.#longer.set(metrics, known.set(info.metric, longer));
    return longer;
  }

  #withOneMore(metrics: Metrics, info: MetricInfo): Metrics {
    const longer = metrics.concat(info);
    // Not made anew for each of a thousand metrics.
    this.#indexes.set(longer, this.#indexOf(metrics).add(info.metric));
    this.#indexes.delete(metrics);
    return longer;
  }

  isIn(metrics: Metrics, id: string): boolean {
    if (metrics.length > indexedAbove) return this.#indexOf(metrics).has(id);
    return metrics.some(({ metric }) => metric === id);
  }

  #indexOf(metrics: Metrics): Set<string> {
    const known = this.#indexes.get(metrics);
    if (known !== undefined) return known;
    const index = new Set(metrics.map(({ metric }) => metric));
    this.#indexes.set(metrics, index);
    return index;
  }

  /** For search: ids and titles in lower case. */
  textOf(metrics: Metrics): string {
    let text = this.#texts.get(metrics);
    if (text === undefined) {
      const words = metrics.map(({ metric, title = '' }) => `${metric}\n${title}`);
      this.#texts.set(metrics, (text = words.join('\n').toLowerCase()));
    }
    return text;
  }
}

function isBare(rest: Rest): boolean {
  return Object.values(rest).every(
    (value) => value === undefined || (typeof value === 'object' && isEmpty(value)),
  );
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

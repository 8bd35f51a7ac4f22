/** Every device this page knows, with its newest values. Each value is a signal of its own: a reading touches one text. */
import { batch, signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { tagsKey } from '#contract/reading.ts';
import type { Quality, ReadingTuple, Tags, Value } from '#contract/reading.ts';
import type { DeviceInfo } from '#contract/device.ts';
import type { PresenceMessage } from '#contract/events.ts';

export interface Latest {
  readonly timeMs: number;
  readonly value: Value;
  readonly quality: Quality;
}

/** At most this many series are kept per device. */
const seriesPerDevice = 500;
/** Values may come before the list that names their devices: those of this many are kept for it. */
const earlyDevices = 2000;

export class DeviceState {
  readonly group: string;
  readonly device: string;
  readonly info: Signal<DeviceInfo>;
  /** Epoch ms of the newest reading this page saw. */
  readonly heardAt: Signal<number | undefined>;
  /** The series that have sent something, as `metric` or `metric?tags`. */
  readonly series = signal<readonly string[]>([]);
  readonly #latest = new Map<string, Signal<Latest | undefined>>();

  constructor(info: DeviceInfo) {
    this.group = info.group;
    this.device = info.device;
    this.info = signal(info);
    this.heardAt = signal(info.lastSeen);
  }

  latest(metric: string, tags?: Tags): Signal<Latest | undefined> {
    const key = seriesName(metric, tags);
    let known = this.#latest.get(key);
    if (known === undefined) {
      known = signal<Latest | undefined>(undefined);
      if (this.#latest.size < seriesPerDevice) this.#latest.set(key, known);
    }
    return known;
  }

  note([, metric, timeMs, value, quality, tags]: ReadingTuple): void {
    const slot = this.latest(metric, tags);
    if (slot.peek() === undefined)
      this.series.value = [...this.series.peek(), seriesName(metric, tags)].slice(0, seriesPerDevice);
    if ((slot.peek()?.timeMs ?? 0) > timeMs) return;
    slot.value = { timeMs, value, quality: quality ?? 'good' };
    if ((this.heardAt.peek() ?? 0) < timeMs) this.heardAt.value = timeMs;
  }
}

export function seriesName(metric: string, tags?: Tags): string {
  const text = tagsKey(tags);
  return text === '' ? metric : `${metric}?${text}`;
}

export class Registry {
  readonly #devices = new Map<string, DeviceState>();
  /** Newest values of devices that are not described yet, by device and series. */
  readonly #early = new Map<string, Map<string, ReadingTuple>>();
  readonly #lists = new Map<string, Signal<readonly DeviceState[] | undefined>>();

  /** The devices of a group in the order of their titles; undefined until they are known. */
  list(group: string): Signal<readonly DeviceState[] | undefined> {
    let list = this.#lists.get(group);
    if (list === undefined) {
      list = signal<readonly DeviceState[] | undefined>(undefined);
      this.#lists.set(group, list);
    }
    return list;
  }

  find(group: string, device: string): DeviceState | undefined {
    return this.#devices.get(`${group}/${device}`);
  }

  /** Takes some devices of a group, beside those that are there. */
  addPage(group: string, infos: readonly DeviceInfo[]): void {
    batch(() => {
      const list = this.list(group);
      const known = list.peek() ?? [];
      const listed = new Set(known);
      const fresh = infos.map((info) => this.#put(info)).filter((state) => !listed.has(state));
      if (fresh.length > 0 || list.peek() === undefined) list.value = merged(known, sorted(fresh));
    });
  }

  /** What was listed and is in no page any more was removed while the page was away. */
  keepOnly(group: string, devices: ReadonlySet<string>): void {
    for (const { device } of this.list(group).peek() ?? [])
      if (!devices.has(device)) this.remove({ group, device });
  }

  /** Takes one device, new or described anew. */
  put(info: DeviceInfo): void {
    const list = this.list(info.group).peek();
    if (list === undefined || this.find(info.group, info.device) !== undefined) this.#put(info);
    else this.addPage(info.group, [info]);
  }

  remove({ group, device }: { readonly group: string; readonly device: string }): void {
    this.#devices.delete(`${group}/${device}`);
    const list = this.list(group);
    list.value = list.peek()?.filter((state) => state.device !== device);
  }

  presence({ group, device, presence, since }: PresenceMessage): void {
    const state = this.find(group, device);
    if (state !== undefined) state.info.value = { ...state.info.peek(), presence, presenceSince: since };
  }

  /** @param group the group of the tuples; undefined when the device reads `<group>/<device>` */
  note(readings: readonly ReadingTuple[], group?: string): void {
    batch(() => {
      for (const reading of readings) {
        const key = group === undefined ? reading[0] : `${group}/${reading[0]}`;
        const state = this.#devices.get(key);
        if (state === undefined) this.#keepEarly(key, reading);
        else state.note(reading);
      }
    });
  }

  #put(info: DeviceInfo): DeviceState {
    const key = `${info.group}/${info.device}`;
    const known = this.#devices.get(key);
    if (known !== undefined) {
      known.info.value = info;
      return known;
    }
    const made = new DeviceState(info);
    this.#devices.set(key, made);
    for (const reading of this.#early.get(key)?.values() ?? []) made.note(reading);
    this.#early.delete(key);
    return made;
  }

  #keepEarly(key: string, reading: ReadingTuple): void {
    let series = this.#early.get(key);
    if (series === undefined) {
      if (this.#early.size >= earlyDevices) return;
      series = new Map();
      this.#early.set(key, series);
    }
    const name = seriesName(reading[1], reading[5]);
    if (series.has(name) || series.size < seriesPerDevice) series.set(name, reading);
  }
}

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: DeviceState, b: DeviceState): number {
  return order.compare(a.info.peek().title, b.info.peek().title);
}

function sorted(states: readonly DeviceState[]): readonly DeviceState[] {
  return states.toSorted(compare);
}

/** Two sorted lists as one: a page into thousands costs no new sorting of them. */
function merged(known: readonly DeviceState[], fresh: readonly DeviceState[]): readonly DeviceState[] {
  const all: DeviceState[] = [];
  let next = 0;
  for (const state of known) {
    for (let one = fresh[next]; one !== undefined && compare(one, state) < 0; one = fresh[next]) {
      all.push(one);
      next += 1;
    }
    all.push(state);
  }
  return [...all, ...fresh.slice(next)];
}

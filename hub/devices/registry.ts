/**
 * The registry: every device that was ever heard, what it measures, what it tells of itself and whether it is there.
 * All of it is in memory; changes are written behind, reports before they are acknowledged.
 */
import type { DeviceDescription, DeviceInfo, GroupInfo } from '#contract/device.ts';
import { RequestError } from '#contract/errors.ts';
import type { Json } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import { isGroupId, isId } from '#contract/names.ts';
import type { Clock, Committed, Counters, DeviceChange, DeviceStore, Devices, Log } from '#ports';
import { descriptionParser } from './description.ts';
import { DeviceEntry } from './device-entry.ts';
import { DeviceWriter } from './device-writer.ts';
import type { Instant } from './presence.ts';
import { mergeReported } from './twin.ts';

const sweepMs = 10_000;

export interface DeviceRegistryParts {
  readonly store: DeviceStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

/** What one commit says of a device. */
interface Heard {
  /** It or one of its metrics is new. */
  changed: boolean;
  alive: boolean;
}

export class DeviceRegistry implements Devices {
  readonly #clock: Clock;
  readonly #counters: Counters;
  readonly #writer: DeviceWriter;
  readonly #parseDescription = descriptionParser();
  readonly #groups = new Map<string, Map<string, DeviceEntry>>();
  /** Counts of groups in which nothing has changed since they were counted. */
  readonly #counted = new Map<string, GroupInfo>();
  readonly #listeners: ((change: DeviceChange) => void)[] = [];
  #cancelSweep: () => void;

  static async open(parts: DeviceRegistryParts): Promise<DeviceRegistry> {
    const registry = new DeviceRegistry(parts);
    for (const record of await parts.store.load()) registry.#put(new DeviceEntry(record));
    return registry;
  }

  private constructor(parts: DeviceRegistryParts) {
    this.#clock = parts.clock;
    this.#counters = parts.counters;
    this.#writer = new DeviceWriter(parts);
    this.#cancelSweep = this.#clock.after(sweepMs, () => this.#sweep());
  }

  seen({ readings, events, state }: Committed): void {
    const heard = new Map<DeviceEntry, Heard>();
    for (const reading of readings) this.#hear(heard, reading).alive = true;
    for (const event of events) this.#hear(heard, event).alive = true;
    // A replay of retained state says what was, not that the device is there now.
    for (const reading of state) this.#hear(heard, reading);
    const now = this.#now();
    for (const [entry, { changed, alive }] of heard) {
      const moved = alive && entry.presence.heard(now);
      if (changed) this.#changed(entry);
      else if (moved) this.#moved(entry);
    }
  }

  connected(group: string, device: string): () => void {
    const entry = this.#findOrRegister(group, device);
    if (entry === undefined) return () => undefined;
    if (entry.presence.connected(this.#now())) this.#moved(entry);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (entry.presence.disconnected(this.#now())) this.#moved(entry);
    };
  }

  status(group: string, device: string, presence: 'online' | 'offline'): void {
    const entry = this.#findOrRegister(group, device);
    if (entry?.presence.said(presence, this.#now()) === true) this.#moved(entry);
  }

  async reported(group: string, device: string, state: Readonly<Record<string, Json>>): Promise<void> {
    const { description, ...rest } = state;
    const told = description === undefined ? undefined : this.#parseDescription(description);
    const entry = this.#require(group, device);
    entry.reported = mergeReported(entry.reported, rest);
    if (told !== undefined) entry.describe(told);
    await this.#saveChanged(entry);
  }

  async describe(group: string, device: string, description: DeviceDescription): Promise<void> {
    const told = this.#parseDescription(description);
    const entry = this.#require(group, device);
    entry.describe(told);
    await this.#saveChanged(entry);
  }

  groups(): readonly GroupInfo[] {
    return Array.from(this.#groups, ([group, devices]) => {
      const info = this.#counted.get(group) ?? countGroup(group, devices);
      this.#counted.set(group, info);
      return info;
    });
  }

  list(group: string): readonly DeviceInfo[] {
    return Array.from(this.#groups.get(group)?.values() ?? [], (entry) => entry.info());
  }

  get(group: string, device: string): DeviceInfo | undefined {
    return this.#find(group, device)?.info();
  }

  search(text: string, groups: '*' | readonly string[], limit: number): readonly DeviceInfo[] {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const found: DeviceInfo[] = [];
    for (const group of groups === '*' ? this.#groups.keys() : new Set(groups)) {
      for (const entry of this.#groups.get(group)?.values() ?? []) {
        if (found.length >= limit) return found;
        if (entry.matches(words)) found.push(entry.info());
      }
    }
    return found;
  }

  onChange(listener: (change: DeviceChange) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#cancelSweep();
    for (const entry of this.#all())
      if (entry.presence.lastSeen !== entry.savedLastSeen) this.#writer.mark(entry);
    await this.#writer.flush();
  }

  #hear(heard: Map<DeviceEntry, Heard>, item: { group: string; device: string; metric?: string }): Heard {
    const known = this.#find(item.group, item.device);
    const entry = known ?? this.#register(item.group, item.device);
    if (entry === undefined) return { changed: false, alive: false };
    const mark = heard.get(entry) ?? { changed: known === undefined, alive: false };
    heard.set(entry, mark);
    if (item.metric !== undefined && entry.addMetric(item.metric)) mark.changed = true;
    return mark;
  }

  #findOrRegister(group: string, device: string): DeviceEntry | undefined {
    const known = this.#find(group, device);
    if (known !== undefined) return known;
    const entry = this.#register(group, device);
    if (entry !== undefined) this.#changed(entry);
    return entry;
  }

  #require(group: string, device: string): DeviceEntry {
    if (!isGroupId(group) || !isId(device))
      throw new RequestError(400, 'invalid-id', 'The group or device id is not valid.');
    const entry = this.#findOrRegister(group, device);
    if (entry === undefined)
      throw new RequestError(
        422,
        'group-full',
        `The group has ${limits.devicesPerGroup} devices; it takes no more.`,
      );
    return entry;
  }

  /** Undefined: the ids are not valid or the group is full; counted. */
  #register(group: string, device: string): DeviceEntry | undefined {
    const full = (this.#groups.get(group)?.size ?? 0) >= limits.devicesPerGroup;
    if (full || !isGroupId(group) || !isId(device)) {
      this.#counters.count('devices', full ? 'group-full' : 'invalid-id');
      return undefined;
    }
    return this.#put(
      new DeviceEntry({
        group,
        device,
        title: device,
        labels: {},
        metrics: [],
        controls: [],
        reported: {},
        createdAt: this.#now().wallMs,
      }),
    );
  }

  #put(entry: DeviceEntry): DeviceEntry {
    const devices = this.#groups.get(entry.group) ?? new Map<string, DeviceEntry>();
    this.#groups.set(entry.group, devices.set(entry.device, entry));
    return entry;
  }

  #find(group: string, device: string): DeviceEntry | undefined {
    return this.#groups.get(group)?.get(device);
  }

  *#all(): Iterable<DeviceEntry> {
    for (const devices of this.#groups.values()) yield* devices.values();
  }

  #changed(entry: DeviceEntry): void {
    this.#writer.mark(entry);
    this.#tell({ kind: 'device', device: entry.info() });
  }

  async #saveChanged(entry: DeviceEntry): Promise<void> {
    this.#writer.mark(entry);
    await this.#writer.flush();
    this.#tell({ kind: 'device', device: entry.info() });
  }

  #moved(entry: DeviceEntry): void {
    const { group, device } = entry;
    const { presence, since } = entry.presence;
    this.#tell({ kind: 'presence', group, device, presence, since });
  }

  #tell(change: DeviceChange): void {
    this.#counted.delete(change.kind === 'device' ? change.device.group : change.group);
    for (const listener of this.#listeners) listener(change);
  }

  /** One timer for all: who fell silent, and whose last sign of life should become durable. */
  #sweep(): void {
    this.#cancelSweep = this.#clock.after(sweepMs, () => this.#sweep());
    const now = this.#now();
    for (const entry of this.#all()) {
      if (entry.presence.silent(now, limits.presenceSilenceMs)) this.#moved(entry);
      const unsavedMs = (entry.presence.lastSeen ?? 0) - (entry.savedLastSeen ?? 0);
      if (unsavedMs >= limits.presenceSilenceMs) this.#writer.mark(entry);
    }
  }

  #now(): Instant {
    return { wallMs: Math.floor(this.#clock.nowUs() / 1000), monotonicMs: this.#clock.monotonicMs() };
  }
}

function countGroup(group: string, devices: ReadonlyMap<string, DeviceEntry>): GroupInfo {
  const counts = { online: 0, stale: 0, offline: 0, unknown: 0 };
  for (const { presence } of devices.values()) counts[presence.presence] += 1;
  return { group, title: group, devices: devices.size, online: counts.online, stale: counts.stale };
}

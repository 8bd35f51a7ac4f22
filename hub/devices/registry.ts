/**
 * The registry: every device that was ever heard, what it measures, what it tells of itself and whether it is there.
 * All of it is in memory; changes are written behind, reports before they are acknowledged.
 */
import type { DeviceDescription, DeviceInfo, DeviceName, GroupInfo, MetricInfo } from '#contract/device.ts';
import { RequestError } from '#contract/errors.ts';
import { isHubEvent, type Json } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import { isGroupId, isId } from '#contract/names.ts';
import type {
  Clock,
  Committed,
  Counters,
  DeviceChange,
  DeviceQuery,
  DeviceStore,
  Devices,
  Directory,
  Log,
  MoveSteps,
  TwinLink,
} from '#ports';
import { descriptionParser } from './description.ts';
import { DeviceBook, nameOf } from './device-book.ts';
import type { DeviceEntry } from './device-entry.ts';
import { Management } from './management.ts';
import { TwinLinks } from './twin-links.ts';
import { isSame, mergeState } from './twin.ts';

const sweepMs = 10_000;
/** Names of metrics are few, devices are many. */
const sharedMetrics = 10_000;

export interface DeviceRegistryParts {
  readonly store: DeviceStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** A device that nobody has registered waits until a person approves it. */
  readonly approval?: boolean | undefined;
  /** What else has to happen when a device gets another name. */
  readonly moves?: MoveSteps | undefined;
}

/** What one commit says of a device. */
interface Heard {
  /** It or one of its metrics is new. */
  changed: boolean;
  alive: boolean;
}

export class DeviceRegistry implements Devices, Directory {
  /** What people change. */
  readonly management: Management;
  readonly #clock: Clock;
  readonly #twins: TwinLinks;
  readonly #book: DeviceBook;
  readonly #admission: 'waiting' | undefined;
  readonly #parseDescription = descriptionParser();
  readonly #bareMetrics = new Map<string, MetricInfo>();
  #cancelSweep: () => void;

  static async open(parts: DeviceRegistryParts): Promise<DeviceRegistry> {
    return new DeviceRegistry(parts, await DeviceBook.open(parts));
  }

  private constructor(parts: DeviceRegistryParts, book: DeviceBook) {
    const { clock, approval = false } = parts;
    this.#clock = clock;
    this.#twins = new TwinLinks(parts);
    this.#book = book;
    this.#admission = approval ? 'waiting' : undefined;
    this.management = new Management({
      ...parts,
      book,
      twins: this.#twins,
      steps: parts.moves ?? alone(parts.store),
    });
    this.#cancelSweep = clock.after(sweepMs, () => this.#sweep());
  }

  seen({ readings, events, state }: Committed): void {
    const heard = new Map<DeviceEntry, Heard>();
    for (const reading of readings) this.#hear(heard, reading).alive = true;
    for (const event of events) if (!isHubEvent(event.name)) this.#hear(heard, event).alive = true;
    // A replay of retained state says what was, not that the device is there now.
    for (const reading of state) this.#hear(heard, reading);
    const now = this.#book.now();
    for (const [entry, { changed, alive }] of heard) {
      const moved = alive && entry.presence.heard(now);
      const isBack = alive && this.#unarchive(entry);
      if (changed || isBack) this.#changed(entry);
      else if (moved) this.#moved(entry);
    }
  }

  connected(group: string, device: string): () => void {
    const entry = this.#findOrRegister(group, device);
    if (entry === undefined) return () => undefined;
    if (entry.presence.connected(this.#book.now())) this.#moved(entry);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      // It may have become one with another device since.
      const left = this.#book.find(group, device) ?? entry;
      if (left.presence.disconnected(this.#book.now())) this.#moved(left);
    };
  }

  status(group: string, device: string, presence: 'online' | 'offline'): void {
    const entry = this.#findOrRegister(group, device);
    if (entry?.presence.said(presence, this.#book.now()) === true) this.#moved(entry);
  }

  async reported(group: string, device: string, state: Readonly<Record<string, Json>>): Promise<void> {
    const { description, ...rest } = state;
    const told = description === undefined ? undefined : this.#parseDescription(description);
    const entry = this.#require(group, device);
    const reported = mergeState(entry.kept.reported, rest);
    if (!isSame(reported, entry.kept.reported)) {
      const { reportedVersion = 0 } = entry.kept;
      entry.change({ reported, reportedVersion: reportedVersion + 1 });
    }
    if (told !== undefined) entry.describe(told);
    await this.#saveAndShow(entry);
  }

  async describe(group: string, device: string, description: DeviceDescription): Promise<void> {
    const told = this.#parseDescription(description);
    const entry = this.#require(group, device);
    entry.describe(told);
    await this.#saveAndShow(entry);
  }

  attach(group: string, device: string, link: TwinLink): () => void {
    return this.#twins.attach({ group, device }, this.#book.find(group, device), link);
  }

  destination(group: string, device: string): 'denied' | DeviceName | undefined {
    return this.#book.destination(group, device);
  }

  resolve(name: DeviceName): DeviceName {
    const entry = this.#book.find(name.group, name.device);
    return entry === undefined ? name : nameOf(entry);
  }

  namesOf(name: DeviceName): readonly DeviceName[] {
    const entry = this.#book.find(name.group, name.device);
    return entry === undefined ? [name] : [nameOf(entry), ...(entry.aliases ?? [])];
  }

  groups(): readonly GroupInfo[] {
    return this.#book.groups().filter(({ archivedAt }) => archivedAt === undefined);
  }

  group(group: string): GroupInfo | undefined {
    return this.#book.group(group);
  }

  list(group: string): readonly DeviceInfo[] {
    return this.#book.list(group);
  }

  get(group: string, device: string): DeviceInfo | undefined {
    const entry = this.#book.find(group, device);
    // A former name is for devices; people ask for the present one.
    return entry?.group === group && entry.device === device ? entry.info() : undefined;
  }

  find(query: DeviceQuery): readonly DeviceInfo[] {
    return this.#book.select(query);
  }

  search(text: string, groups: '*' | readonly string[], limit: number): readonly DeviceInfo[] {
    return this.#book.select({ text, groups, limit });
  }

  onChange(listener: (change: DeviceChange) => void): void {
    this.#book.onChange(listener);
  }

  async close(): Promise<void> {
    this.#cancelSweep();
    await this.#book.close();
  }

  #hear(heard: Map<DeviceEntry, Heard>, item: { group: string; device: string; metric?: string }): Heard {
    const known = this.#book.find(item.group, item.device);
    const entry = known ?? this.#register(item.group, item.device);
    if (entry === undefined) return { changed: false, alive: false };
    const mark = heard.get(entry) ?? { changed: known === undefined, alive: false };
    heard.set(entry, mark);
    if (item.metric !== undefined && entry.addMetric(item.metric, this.#bare(item.metric)))
      mark.changed = true;
    return mark;
  }

  #bare(metric: string): MetricInfo {
    const known = this.#bareMetrics.get(metric);
    if (known !== undefined) return known;
    const info = Object.freeze({ metric });
    if (this.#bareMetrics.size < sharedMetrics) this.#bareMetrics.set(metric, info);
    return info;
  }

  /** Whoever is heard is not gone for good. */
  #unarchive(entry: DeviceEntry): boolean {
    if (entry.archivedAt === undefined) return false;
    entry.change({ archivedAt: undefined });
    this.management.reopen(entry.group);
    return true;
  }

  #register(group: string, device: string): DeviceEntry | undefined {
    const entry = this.#book.register({ group, device, admission: this.#admission });
    if (entry !== undefined) this.management.reopen(group);
    return entry;
  }

  #findOrRegister(group: string, device: string): DeviceEntry | undefined {
    const known = this.#book.find(group, device);
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
    if (entry.admission === 'denied')
      throw new RequestError(403, 'device-denied', 'This device was denied: nothing is taken of it.');
    return entry;
  }

  #changed(entry: DeviceEntry): void {
    this.#book.mark(entry);
    this.#book.show(entry);
  }

  async #saveAndShow(entry: DeviceEntry): Promise<void> {
    await this.#book.save(entry);
    this.#book.show(entry);
  }

  #moved(entry: DeviceEntry): void {
    const { group, device } = entry;
    const { presence, since, was } = entry.presence;
    this.#book.mark(entry);
    if (entry.isInSight) this.#book.tell({ kind: 'presence', group, device, presence, since, was });
  }

  /** One timer for all: who fell silent, and whose last sign of life should become durable. */
  #sweep(): void {
    this.#cancelSweep = this.#clock.after(sweepMs, () => this.#sweep());
    const now = this.#book.now();
    for (const entry of this.#book.all()) {
      if (entry.presence.silent(now, entry.settings?.expectedIntervalMs)) this.#moved(entry);
      const unsavedMs = (entry.presence.lastSeen ?? 0) - (entry.savedLastSeen ?? 0);
      if (unsavedMs >= limits.presenceSilenceMs) this.#book.mark(entry);
    }
  }
}

/** A registry that nobody else follows. */
function alone(store: DeviceStore): MoveSteps {
  return { isBusy: () => false, store: ({ from, to }) => store.move(from, to), moved: () => undefined };
}

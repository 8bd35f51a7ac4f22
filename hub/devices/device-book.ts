/**
 * All devices and groups in memory, by their ids, and the one way in which a change becomes durable and is told.
 * Everything that answers "which devices" is here.
 */
import type { DeviceInfo, DeviceName, DeviceRecord, GroupInfo, GroupRecord } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import { isGroupId, isId } from '#contract/names.ts';
import type { Clock, Counters, DeviceChange, DeviceQuery, DeviceStore, Log } from '#ports';
import { DeviceEntry } from './device-entry.ts';
import { DeviceTable } from './device-table.ts';
import { DeviceWriter } from './device-writer.ts';
import type { Instant } from './presence.ts';

export interface DeviceBookParts {
  readonly store: DeviceStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

interface Group {
  /** Absent: the group is there by its devices alone. */
  record: GroupRecord | undefined;
  readonly devices: Map<string, DeviceEntry>;
  /** While nothing has changed since it was counted. */
  info: GroupInfo | undefined;
  /** Ids in order, for paging; while no device came or went. */
  order: readonly string[] | undefined;
}

export class DeviceBook {
  readonly store: DeviceStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counters: Counters;
  readonly #writer: DeviceWriter;
  readonly #table = new DeviceTable();
  readonly #groups = new Map<string, Group>();
  readonly #denied = new Set<string>();
  /** Former names, as `group/device`. */
  readonly #aliases = new Map<string, DeviceEntry>();
  readonly #listeners: ((change: DeviceChange) => void)[] = [];

  static async open(parts: DeviceBookParts): Promise<DeviceBook> {
    const book = new DeviceBook(parts);
    const startedMs = parts.clock.monotonicMs();
    for (const record of await parts.store.loadGroups()) book.#groupOf(record.group).record = record;
    for await (const records of parts.store.load())
      for (const record of records) book.put(new DeviceEntry(record, startedMs, book.#table));
    return book;
  }

  private constructor(parts: DeviceBookParts) {
    this.store = parts.store;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#counters = parts.counters;
    this.#writer = new DeviceWriter(parts);
  }

  /** Where what arrives under a name belongs; undefined = as it is named. */
  destination(group: string, device: string): 'denied' | DeviceName | undefined {
    if (this.#denied.size === 0 && this.#aliases.size === 0) return undefined;
    const key = `${group}/${device}`;
    const now = this.#aliases.get(key);
    if (this.#denied.has(now === undefined ? key : `${now.group}/${now.device}`)) return 'denied';
    return now && nameOf(now);
  }

  /** By its name, or by one that it had. */
  find(group: string, device: string): DeviceEntry | undefined {
    const known = this.#groups.get(group)?.devices.get(device);
    if (known !== undefined || this.#aliases.size === 0) return known;
    return this.#aliases.get(`${group}/${device}`);
  }

  /** @param gone names that are no former ones any more */
  noteAliases(entry: DeviceEntry, gone: readonly DeviceName[]): void {
    for (const { group, device } of gone) this.#aliases.delete(`${group}/${device}`);
    for (const { group, device } of entry.aliases ?? []) this.#aliases.set(`${group}/${device}`, entry);
  }

  /** Out of its group; its former names stay with it. */
  remove(entry: DeviceEntry): void {
    const group = this.#groups.get(entry.group);
    group?.devices.delete(entry.device);
    this.#denied.delete(`${entry.group}/${entry.device}`);
    this.#writer.forget(entry);
    if (group === undefined) return;
    group.order = undefined;
    group.info = undefined;
    if (group.devices.size === 0 && group.record === undefined) this.#groups.delete(entry.group);
  }

  /** Undefined: the ids are not valid or there is no room; counted. */
  register(record: Pick<DeviceRecord, 'group' | 'device' | 'admission'>): DeviceEntry | undefined {
    const { group, device } = record;
    const isFull =
      (this.#groups.get(group)?.devices.size ?? 0) >= limits.devicesPerGroup ||
      (!this.#groups.has(group) && this.#groups.size >= limits.groups);
    if (isFull || !isGroupId(group) || !isId(device)) {
      this.#counters.count('devices', isFull ? 'group-full' : 'invalid-id');
      return undefined;
    }
    const bare = { title: device, labels: {}, metrics: [], controls: [], reported: {} };
    return this.put(
      new DeviceEntry(
        { ...record, ...bare, createdAt: this.now().wallMs },
        this.now().monotonicMs,
        this.#table,
      ),
    );
  }

  put(entry: DeviceEntry): DeviceEntry {
    const group = this.#groupOf(entry.group);
    group.devices.set(entry.device, entry);
    this.#noteAdmission(entry);
    group.order = undefined;
    if (entry.aliases !== undefined) this.noteAliases(entry, []);
    return entry;
  }

  *all(): Iterable<DeviceEntry> {
    for (const { devices } of this.#groups.values()) yield* devices.values();
  }

  // ── Groups ───────────────────────────────────────────────────────────────────────────────────────────────────────

  groups(): readonly GroupInfo[] {
    return Array.from(this.#groups, ([group, held]) => (held.info ??= countGroup(group, held)));
  }

  group(name: string): GroupInfo | undefined {
    const group = this.#groups.get(name);
    return group && (group.info ??= countGroup(name, group));
  }

  groupRecord(name: string): GroupRecord | undefined {
    return this.#groups.get(name)?.record;
  }

  entriesOf(group: string): Iterable<DeviceEntry> {
    return this.#groups.get(group)?.devices.values() ?? [];
  }

  /** Undefined: forgets it, if it has no devices. */
  setGroup(name: string, record: GroupRecord | undefined): void {
    const group = this.#groupOf(name);
    group.record = record;
    if (record === undefined && group.devices.size === 0) this.#groups.delete(name);
    this.tell({ kind: 'group', group: name });
  }

  // ── Which devices ────────────────────────────────────────────────────────────────────────────────────────────────

  list(group: string): readonly DeviceInfo[] {
    return Array.from(this.entriesOf(group))
      .filter((entry) => entry.isInSight)
      .map((entry) => entry.info());
  }

  select({ groups, after, limit, text = '', ...wanted }: DeviceQuery): readonly DeviceInfo[] {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const names = (groups === '*' ? [...this.#groups.keys()] : [...new Set(groups)]).toSorted();
    const found: DeviceInfo[] = [];
    for (const name of names) {
      if (after !== undefined && name < after.group) continue;
      for (const entry of this.#inOrder(name, name === after?.group ? after.device : '')) {
        if (found.length >= limit) return found;
        if (isWanted(entry, wanted) && entry.matches(words)) found.push(entry.info());
      }
    }
    return found;
  }

  *#inOrder(name: string, after: string): Iterable<DeviceEntry> {
    const group = this.#groups.get(name);
    if (group === undefined) return;
    group.order ??= [...group.devices.keys()].toSorted();
    for (const device of group.order) {
      const entry = device > after ? group.devices.get(device) : undefined;
      if (entry !== undefined) yield entry;
    }
  }

  // ── Changes ──────────────────────────────────────────────────────────────────────────────────────────────────────

  onChange(listener: (change: DeviceChange) => void): void {
    this.#listeners.push(listener);
  }

  tell(change: DeviceChange): void {
    const group = this.#groups.get(change.kind === 'device' ? change.device.group : change.group);
    if (group !== undefined) group.info = undefined;
    for (const listener of this.#listeners) listener(change);
  }

  /** It is (no longer) in sight, or looks different: those who may see it are told. */
  show(entry: DeviceEntry, wasInSight: boolean = entry.isInSight): void {
    const { group, device, isInSight } = entry;
    this.#noteAdmission(entry);
    if (isInSight) this.tell({ kind: 'device', device: entry.info() });
    else if (wasInSight) this.tell({ kind: 'removed', group, device });
    else this.tell({ kind: 'group', group });
  }

  /** Written soon. */
  mark(entry: DeviceEntry): void {
    this.#writer.mark(entry);
  }

  /** Nobody waits for it; a failure is told and counted. */
  saveSoon(write: () => Promise<void>): void {
    write().catch((error: unknown) => {
      this.#counters.count('devices', 'save-failed');
      this.#log.warn('Could not save a group.', { error });
    });
  }

  /** Resolves when the entry, and all that was marked, is durable. */
  async save(entry: DeviceEntry): Promise<void> {
    this.#writer.mark(entry);
    await this.#writer.flush();
  }

  close(): Promise<void> {
    for (const entry of this.all())
      if (entry.presence.lastSeen !== entry.savedLastSeen) this.#writer.mark(entry);
    return this.#writer.flush();
  }

  #noteAdmission({ group, device, admission }: DeviceEntry): void {
    if (admission === 'denied') this.#denied.add(`${group}/${device}`);
    else this.#denied.delete(`${group}/${device}`);
  }

  now(): Instant {
    return { wallMs: Math.floor(this.#clock.nowUs() / 1000), monotonicMs: this.#clock.monotonicMs() };
  }

  #groupOf(name: string): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group: Group = { record: undefined, devices: new Map(), info: undefined, order: undefined };
    this.#groups.set(name, group);
    return group;
  }
}

export function nameOf({ group, device }: DeviceName): DeviceName {
  return { group, device };
}

function isWanted(
  entry: DeviceEntry,
  { presence, admission, archived = false }: Pick<DeviceQuery, 'presence' | 'admission' | 'archived'>,
): boolean {
  const { admission: is, archivedAt } = entry;
  if (is !== admission || (archivedAt !== undefined) !== archived) return false;
  return presence === undefined || entry.presence.presence === presence;
}

function countGroup(group: string, { devices, record }: Group): GroupInfo {
  const counts = { online: 0, stale: 0, offline: 0, unknown: 0 };
  let [inSight, waiting] = [0, 0];
  for (const entry of devices.values()) {
    if (entry.admission === 'waiting') waiting += 1;
    if (!entry.isInSight) continue;
    inSight += 1;
    counts[entry.presence.presence] += 1;
  }
  const { online, stale, unknown: unheard } = counts;
  return {
    group,
    title: record?.title ?? group,
    devices: inSight,
    online,
    stale,
    ...(unheard > 0 && { unheard }),
    ...(waiting > 0 && { waiting }),
    ...(record?.archivedAt !== undefined && { archivedAt: record.archivedAt }),
  };
}

/**
 * What people change about devices and groups: durable when it is answered, told to all dashboards.
 * Whether they may is asked by the edges.
 */
import type { DeviceInfo, GroupInfo, GroupRecord } from '#contract/device.ts';
import type { DeviceMove, DevicePatch, GroupPatch, NewDevice, NewGroup } from '#contract/device-patch.ts';
import { RequestError } from '#contract/errors.ts';
import type { Json } from '#contract/event.ts';
import { isGroupId, isId, toGroupId } from '#contract/names.ts';
import type { DeviceManagement } from '#ports';
import type { DeviceBook } from './device-book.ts';
import type { DeviceEntry } from './device-entry.ts';
import { patchSettings } from './device-settings.ts';
import { Moves, type MovesParts } from './moves.ts';
import type { TwinLinks } from './twin-links.ts';
import { isSame, mergeState } from './twin.ts';

export class Management implements DeviceManagement {
  readonly #book: DeviceBook;
  readonly #twins: TwinLinks;
  readonly #moves: Moves;

  constructor(parts: MovesParts) {
    this.#book = parts.book;
    this.#twins = parts.twins;
    this.#moves = new Moves(parts);
  }

  async createGroup({ title, group = toGroupId(title ?? '') }: NewGroup): Promise<GroupInfo> {
    if (!isGroupId(group))
      throw new RequestError(
        400,
        'invalid-id',
        'A group id is 1 to 63 of a-z, 0-9, _ and -; `admin` is none.',
      );
    if (this.#book.group(group) !== undefined)
      throw new RequestError(409, 'group-exists', 'There is a group with this id.');
    const record: GroupRecord = { group, title: title ?? group, createdAt: this.#book.now().wallMs };
    return this.#saveGroup(record);
  }

  allGroups(): readonly GroupInfo[] {
    return this.#book.groups();
  }

  async changeGroup(group: string, { title, archived }: GroupPatch): Promise<GroupInfo> {
    if (this.#book.group(group) === undefined) throw noSuchGroup();
    const { wallMs } = this.#book.now();
    const known = this.#book.groupRecord(group) ?? { group, title: group, createdAt: wallMs };
    if (archived === true && this.#isInUse(group))
      throw notEmpty('A group can be archived when all of its devices are.');
    const archivedAt = archived === undefined ? known.archivedAt : archived ? wallMs : undefined;
    const record = { ...known, title: title === undefined ? known.title : (title ?? group) };
    return this.#saveGroup(archivedAt === undefined ? withoutArchive(record) : { ...record, archivedAt });
  }

  async deleteGroup(group: string): Promise<void> {
    if (this.#book.group(group) === undefined) throw noSuchGroup();
    if ([...this.#book.entriesOf(group)].length > 0)
      throw notEmpty('A group can be deleted when it has no devices, not even archived ones.');
    await this.#book.store.deleteGroup(group);
    this.#book.setGroup(group, undefined);
  }

  /** Something of the group was heard: it is not archived any more. */
  reopen(group: string): void {
    const record = this.#book.groupRecord(group);
    if (record?.archivedAt === undefined) return;
    const open = withoutArchive(record);
    this.#book.setGroup(group, open);
    this.#book.saveSoon(() => this.#book.store.saveGroup(open));
  }

  async register(group: string, { device, ...description }: NewDevice): Promise<DeviceInfo> {
    if (!isGroupId(group) || !isId(device))
      throw new RequestError(400, 'invalid-id', 'The group or device id is not valid.');
    const settings = patchSettings({}, description);
    if (this.#book.find(group, device) !== undefined)
      throw new RequestError(409, 'device-exists', 'The group has a device with this id.');
    const entry = this.#book.register({ group, device });
    if (entry === undefined)
      throw new RequestError(422, 'group-full', 'There is no room for another device.');
    entry.change({ settings });
    this.reopen(group);
    return this.#saveAndShow(entry, false);
  }

  async change(group: string, device: string, patch: DevicePatch): Promise<DeviceInfo> {
    const entry = this.#require(group, device);
    const wasInSight = entry.isInSight;
    const { settings, admission, archivedAt } = entry;
    entry.change({
      settings: patchSettings(settings, patch),
      admission:
        patch.admission === undefined ? admission : patch.admission === 'denied' ? 'denied' : undefined,
      archivedAt: this.#archivedAt(archivedAt, patch.archived),
    });
    return this.#saveAndShow(entry, wasInSight);
  }

  move(group: string, device: string, target: DeviceMove): Promise<DeviceInfo> {
    return this.#moves.move(group, device, target);
  }

  forgetAlias(group: string, device: string): Promise<DeviceInfo> {
    return this.#moves.forgetAlias(group, device);
  }

  async desire(
    group: string,
    device: string,
    change: Readonly<Record<string, Json>>,
    expected?: number,
  ): Promise<DeviceInfo> {
    const entry = this.#require(group, device);
    const { desired } = entry.kept;
    const version = desired?.version ?? 0;
    if (expected !== undefined && expected !== version)
      throw new RequestError(412, 'version-conflict', `The desired state has version ${version} now.`);
    const state = mergeState(desired?.state ?? {}, change, 'desired');
    if (desired !== undefined && isSame(state, desired.state)) return entry.info();
    entry.change({ desired: { state, version: version + 1, at: this.#book.now().wallMs } });
    const info = await this.#saveAndShow(entry, entry.isInSight);
    this.#twins.tell(entry);
    return info;
  }

  #archivedAt(known: number | undefined, archived: boolean | undefined): number | undefined {
    if (archived === undefined) return known;
    return archived ? (known ?? this.#book.now().wallMs) : undefined;
  }

  #isInUse(group: string): boolean {
    for (const entry of this.#book.entriesOf(group)) if (entry.archivedAt === undefined) return true;
    return false;
  }

  #require(group: string, device: string): DeviceEntry {
    const entry = this.#book.find(group, device);
    if (entry === undefined) throw new RequestError(404, 'no-such-device', 'The group has no such device.');
    return entry;
  }

  async #saveAndShow(entry: DeviceEntry, wasInSight: boolean): Promise<DeviceInfo> {
    await this.#book.save(entry);
    this.#book.show(entry, wasInSight);
    return entry.info();
  }

  async #saveGroup(record: GroupRecord): Promise<GroupInfo> {
    await this.#book.store.saveGroup(record);
    this.#book.setGroup(record.group, record);
    return this.#book.group(record.group) as GroupInfo;
  }
}

function withoutArchive({ archivedAt: _gone, ...record }: GroupRecord): GroupRecord {
  return record;
}

function noSuchGroup(): RequestError {
  return new RequestError(404, 'no-such-group', 'There is no such group.');
}

function notEmpty(message: string): RequestError {
  return new RequestError(409, 'group-not-empty', message);
}

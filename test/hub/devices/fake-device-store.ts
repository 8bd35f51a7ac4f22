/** A device store in memory that can fail. */
import type { DeviceName, DeviceRecord, GroupRecord } from '#contract/device.ts';
import type { DeviceStore } from '#ports';

export class FakeDeviceStore implements DeviceStore {
  readonly rows = new Map<string, DeviceRecord>();
  readonly groups = new Map<string, GroupRecord>();
  saves: (readonly DeviceRecord[])[] = [];
  failing: Error | undefined;

  async *load(): AsyncGenerator<readonly DeviceRecord[]> {
    yield [...this.rows.values()];
  }

  async save(records: readonly DeviceRecord[]): Promise<void> {
    if (this.failing !== undefined) throw this.failing;
    this.saves.push(records);
    for (const record of records) this.rows.set(`${record.group}/${record.device}`, structuredClone(record));
  }

  async loadGroups(): Promise<readonly GroupRecord[]> {
    return [...this.groups.values()];
  }

  async saveGroup(group: GroupRecord): Promise<void> {
    if (this.failing !== undefined) throw this.failing;
    this.groups.set(group.group, group);
  }

  async move(from: DeviceName, _to: DeviceName): Promise<void> {
    if (this.failing !== undefined) throw this.failing;
    this.rows.delete(`${from.group}/${from.device}`);
  }

  async deleteGroup(group: string): Promise<void> {
    this.groups.delete(group);
  }
}

/** A device store in memory that can fail. */
import type { DeviceRecord } from '#contract/device.ts';
import type { DeviceStore } from '#ports';

export class FakeDeviceStore implements DeviceStore {
  readonly rows = new Map<string, DeviceRecord>();
  saves: (readonly DeviceRecord[])[] = [];
  failing: Error | undefined;

  async load(): Promise<readonly DeviceRecord[]> {
    return [...this.rows.values()];
  }

  async save(records: readonly DeviceRecord[]): Promise<void> {
    if (this.failing !== undefined) throw this.failing;
    this.saves.push(records);
    for (const record of records) this.rows.set(`${record.group}/${record.device}`, structuredClone(record));
  }
}

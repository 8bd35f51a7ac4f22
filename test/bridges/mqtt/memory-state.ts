/** The broker's state as the store keeps it, in memory. `failing` is a full disk. */
import type { BrokerChange, BrokerRow, BrokerStateStore } from '#ports';

export class MemoryState implements BrokerStateStore {
  readonly rows = new Map<string, BrokerRow>();
  transactions = 0;
  failing: Error | undefined;

  async load(): Promise<readonly BrokerRow[]> {
    return [...this.rows.values()];
  }

  async change(changes: readonly BrokerChange[]): Promise<void> {
    await Promise.resolve();
    if (this.failing !== undefined) throw this.failing;
    this.transactions += 1;
    for (const change of changes) {
      const prefix = `${change.kind}\n${change.client}\n`;
      if ('facts' in change) this.rows.set(prefix + change.key, change);
      else if (change.key !== undefined) this.rows.delete(prefix + change.key);
      else for (const key of this.rows.keys()) if (key.startsWith(prefix)) this.rows.delete(key);
    }
  }
}

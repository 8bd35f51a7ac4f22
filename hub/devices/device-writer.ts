/**
 * Writes changed devices behind the registry: many changes of one device are one row, many devices one transaction.
 * Bounded by the number of devices: what is dirty is a set of entries, never a queue of changes.
 */
import type { Clock, Counters, DeviceStore, Log } from '#ports';
import type { DeviceEntry } from './device-entry.ts';

const coalesceMs = 500;
const retryMs = 5000;
const rowsPerSave = 500;

export interface DeviceWriterParts {
  readonly store: DeviceStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

export class DeviceWriter {
  readonly #store: DeviceStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counters: Counters;
  #dirty = new Set<DeviceEntry>();
  #cancelTimer: (() => void) | undefined;
  /** Saves follow each other, so that an older row never overwrites a newer one. */
  #lastSave: Promise<void> = Promise.resolve();

  constructor({ store, clock, log, counters }: DeviceWriterParts) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#counters = counters;
  }

  /** Written within half a second; after a failure every five seconds until it succeeds. */
  mark(entry: DeviceEntry): void {
    this.#dirty.add(entry);
    this.#schedule(coalesceMs);
  }

  /** It is another one from now on, or none. */
  forget(entry: DeviceEntry): void {
    this.#dirty.delete(entry);
  }

  /** Writes everything that is marked now. @throws what the store threw; all of it stays marked */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const save = this.#lastSave.then(() => this.#saveAll());
    this.#lastSave = save.catch(() => undefined);
    return save;
  }

  async #saveAll(): Promise<void> {
    while (this.#dirty.size > 0) {
      const entries = this.#dirty.values().take(rowsPerSave).toArray();
      for (const entry of entries) this.#dirty.delete(entry);
      const records = entries.map((entry) => entry.record());
      try {
        await this.#store.save(records);
      } catch (error) {
        for (const entry of entries) this.#dirty.add(entry);
        this.#counters.count('devices', 'save-failed');
        this.#schedule(retryMs);
        throw error;
      }
      for (const [index, entry] of entries.entries()) entry.savedLastSeen = records[index]?.lastSeen;
    }
  }

  #schedule(ms: number): void {
    this.#cancelTimer ??= this.#clock.after(ms, () => {
      this.#cancelTimer = undefined;
      this.flush().catch((error: unknown) =>
        this.#log.warn('Could not save devices; trying again.', { error, devices: this.#dirty.size }),
      );
    });
  }
}

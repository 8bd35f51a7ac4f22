/**
 * The ways on which devices are told what is desired of them. Told when it changes, and when a way opens while
 * something is still to be done: what is lost on the way is told again with the next connection.
 */
import type { Counters, Log, TwinLink } from '#ports';
import type { DeviceName } from '#contract/device.ts';
import type { DeviceEntry } from './device-entry.ts';
import { deltaOf, toDesiredMessage } from './twin.ts';

export class TwinLinks {
  readonly #log: Log;
  readonly #counters: Counters;
  readonly #links = new Map<string, Set<TwinLink>>();

  constructor({ log, counters }: { log: Log; counters: Counters }) {
    this.#log = log;
    this.#counters = counters;
  }

  /** @param entry absent while the device is not known @returns what ends it */
  attach(name: DeviceName, entry: DeviceEntry | undefined, link: TwinLink): () => void {
    const key = keyOf(name);
    const links = this.#links.get(key) ?? new Set();
    this.#links.set(key, links.add(link));
    if (entry !== undefined && Object.keys(deltaOf(entry.kept)).length > 0) this.#send(entry, link);
    return () => {
      links.delete(link);
      if (links.size === 0 && this.#links.get(key) === links) this.#links.delete(key);
    };
  }

  /** On every way, under whichever of its names it came. */
  tell(entry: DeviceEntry): void {
    for (const name of [entry, ...(entry.aliases ?? [])])
      for (const link of this.#links.get(keyOf(name)) ?? []) this.#send(entry, link);
  }

  tellIfOpen(entry: DeviceEntry): void {
    if (Object.keys(deltaOf(entry.kept)).length > 0) this.tell(entry);
  }

  #send(entry: DeviceEntry, link: TwinLink): void {
    const message = toDesiredMessage(entry.kept);
    if (message === undefined) return;
    link.desire(message).catch((error: unknown) => {
      this.#counters.count('devices', 'desired-not-sent');
      const { group, device } = entry;
      this.#log.debug('The desired state did not reach its device; it is told again when it returns.', {
        group,
        device,
        edge: link.edge,
        error,
      });
    });
  }
}

function keyOf({ group, device }: DeviceName): string {
  return `${group}/${device}`;
}

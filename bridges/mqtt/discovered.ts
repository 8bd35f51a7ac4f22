/**
 * What discovery messages have told about topics that speak no family's language: whose values arrive there, and whose
 * presence. Bounded: what was told longest ago is forgotten first, and is told again with the next discovery.
 */
import { limits } from '#contract/limits.ts';
import type { DeviceName } from './meaning.ts';

/** One thing that is read from a topic. Names are the devices' own. */
export interface DiscoveredEntity extends DeviceName {
  readonly metric: string;
  /** Where the value stands in a JSON payload; empty for a plain one. Undefined: only the payload as a whole is known. */
  readonly path: readonly string[] | undefined;
  readonly unit?: string | undefined;
  /** It tells what happened, not what is. */
  readonly isEvent: boolean;
  /** Only this word is meant, others on the topic are not. */
  readonly onlyWhen?: string | undefined;
  /** What the device writes for on and off. */
  readonly words: ReadonlyMap<string, boolean>;
}

export interface DiscoveredPresence extends DeviceName {
  readonly path: readonly string[];
  readonly words: ReadonlyMap<string, 'online' | 'offline'>;
}

export class Discovered {
  readonly #entities = new Map<string, Map<string, DiscoveredEntity>>();
  readonly #presence = new Map<string, Map<string, DiscoveredPresence>>();
  readonly #devices = new Map<string, DeviceName>();

  /** A repeat replaces what was told before. @param key of the entity: the topic of its discovery message */
  tellEntity(topic: string, key: string, entity: DiscoveredEntity): void {
    put(entriesAt(this.#entities, topic), key, entity);
  }

  tellPresence(topic: string, presence: DiscoveredPresence): void {
    put(entriesAt(this.#presence, topic), `${presence.group}/${presence.device}`, presence);
  }

  /** @param identifier the device's, in its discovery messages */
  tellDevice(identifier: string, device: DeviceName): void {
    put(this.#devices, identifier, device);
  }

  knows(topic: string): boolean {
    return this.#entities.has(topic) || this.#presence.has(topic);
  }

  entitiesAt(topic: string): readonly DiscoveredEntity[] {
    return [...(this.#entities.get(topic)?.values() ?? [])];
  }

  presenceAt(topic: string): readonly DiscoveredPresence[] {
    return [...(this.#presence.get(topic)?.values() ?? [])];
  }

  device(identifier: string): DeviceName | undefined {
    return this.#devices.get(identifier);
  }
}

function entriesAt<Entry>(topics: Map<string, Map<string, Entry>>, topic: string): Map<string, Entry> {
  const entries = topics.get(topic) ?? new Map<string, Entry>();
  put(topics, topic, entries);
  return entries;
}

function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = map.keys();
  if (!map.has(key) && map.size >= limits.devicesPerGroup && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}

/**
 * aedes' persistence that outlives the hub: everything is in aedes' own memory persistence, which answers, and every
 * change is written to the store, from which the memory is filled at the start. Held for before it goes on: a
 * subscription (SUBACK), a QoS 2 message (PUBREC), a PUBREL. Retained messages and queues are written right behind.
 * Wills are not kept: they end with the connection, and the hub's end is not the device's.
 * Spec: aedes-persistence 11 (held by its published test suite); MQTT 3.1.1, §4.1 (session state), §4.3.3.
 */
import type { Readable } from 'node:stream';
import memoryPersistence from 'aedes-persistence';
import { limits } from '#contract/limits.ts';
import type { BrokerRow, BrokerStateStore, Counters, Log } from '#ports';
import { keyOf, QueueIndex } from './queue-index.ts';
import { StateLog } from './state-log.ts';
import { toPacket, toFacts, type StoredPacket } from './stored-packet.ts';

interface ClientId {
  readonly id: string;
}
interface Subscription {
  readonly topic: string;
  readonly qos: number;
}

/** aedes' persistence, as far as it is called. */
export interface Persistence {
  setup(broker: unknown): Promise<void>;
  storeRetained(packet: StoredPacket): Promise<void>;
  createRetainedStream(pattern: string): Readable;
  createRetainedStreamCombi(patterns: readonly string[]): Readable;
  addSubscriptions(client: ClientId, subscriptions: readonly Subscription[]): Promise<void>;
  removeSubscriptions(client: ClientId, topics: readonly string[]): Promise<void>;
  subscriptionsByClient(client: ClientId): Promise<readonly Subscription[]>;
  subscriptionsByTopic(topic: string): Promise<readonly { readonly clientId: string }[]>;
  cleanSubscriptions(client: ClientId): Promise<void>;
  countOffline(): Promise<object>;
  outgoingEnqueue(to: { readonly clientId: string }, packet: StoredPacket): Promise<void>;
  outgoingEnqueueCombi(to: readonly { readonly clientId: string }[], packet: StoredPacket): Promise<void>;
  outgoingUpdate(client: ClientId, packet: StoredPacket): Promise<void>;
  outgoingClearMessageId(client: ClientId, packet: StoredPacket): Promise<StoredPacket | undefined>;
  outgoingStream(client: ClientId): Readable;
  incomingStorePacket(client: ClientId, packet: StoredPacket): Promise<void>;
  incomingGetPacket(client: ClientId, packet: StoredPacket): Promise<StoredPacket>;
  incomingDelPacket(client: ClientId, packet: StoredPacket): Promise<void>;
  cleanIncoming(client: ClientId): Promise<void>;
  putWill(client: ClientId, packet: StoredPacket): Promise<unknown>;
  getWill(client: ClientId): Promise<unknown>;
  delWill(client: ClientId): Promise<unknown>;
  streamWill(brokers?: object): Readable;
  getClientList(topic: string): Readable;
  destroy(): Promise<void>;
}

export interface DurablePersistenceOptions {
  readonly store: BrokerStateStore;
  readonly log: Log;
  readonly counters: Counters;
}

const everybody = '';
const nothing = new Uint8Array();

export class DurablePersistence implements Persistence {
  readonly #memory: Persistence;
  readonly #log: StateLog;
  readonly #queues = new QueueIndex();
  readonly #retained = new Set<string>();
  /** Clients with stored subscriptions. */
  readonly #sessions = new Set<string>();
  readonly #options: DurablePersistenceOptions;
  /** The broker that the published test suite looks for. */
  broker: unknown;

  constructor(options: DurablePersistenceOptions) {
    // Typed as a class, but a function that makes one.
    this.#memory = (memoryPersistence as unknown as () => Persistence)();
    this.#log = new StateLog(options.store);
    this.#options = options;
  }

  async setup(broker: unknown): Promise<void> {
    this.broker = broker;
    await this.#memory.setup(broker);
    for (const row of await this.#options.store.load()) await this.#restore(row);
  }

  /** How many messages wait for a client. */
  queued(client: string): number {
    return this.#queues.sizeOf(client);
  }

  /** Resolves when nothing is on its way to the disk any more. */
  settled(): Promise<void> {
    return this.#log.settled();
  }

  // ── Retained messages ────────────────────────────────────────────────────────────────────────────────────────────

  async storeRetained(packet: StoredPacket): Promise<void> {
    const { topic, payload } = packet;
    if (payload.length === 0) this.#retained.delete(topic);
    else if (this.#retained.size >= limits.mqttRetainedTopics && !this.#retained.has(topic))
      return this.#options.counters.count('mqtt.refused', 'retained-full');
    else this.#retained.add(topic);
    await this.#memory.storeRetained(packet);
    const row = { kind: 'retained', client: everybody, key: topic } as const;
    this.#behind(payload.length === 0 ? row : { ...row, ...toFacts(packet) });
  }

  createRetainedStream(pattern: string): Readable {
    return this.#memory.createRetainedStream(pattern);
  }

  createRetainedStreamCombi(patterns: readonly string[]): Readable {
    return this.#memory.createRetainedStreamCombi(patterns);
  }

  // ── Subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────

  async addSubscriptions(client: ClientId, subscriptions: readonly Subscription[]): Promise<void> {
    if (this.#sessions.size >= limits.mqttSessions && !this.#sessions.has(client.id)) {
      this.#options.counters.count('mqtt.refused', 'too-many-sessions');
      throw new Error('The hub keeps as many sessions as are allowed.');
    }
    this.#sessions.add(client.id);
    await this.#memory.addSubscriptions(client, subscriptions);
    await Promise.all(
      subscriptions.map((subscription) => {
        const row = { kind: 'subscription', client: client.id, key: subscription.topic } as const;
        return this.#log.add({ ...row, facts: JSON.stringify(subscription), payload: nothing });
      }),
    );
  }

  async removeSubscriptions(client: ClientId, topics: readonly string[]): Promise<void> {
    await this.#memory.removeSubscriptions(client, topics);
    const remove = (key: string): Promise<void> =>
      this.#log.add({ kind: 'subscription', client: client.id, key });
    await Promise.all(topics.map(remove));
  }

  async cleanSubscriptions(client: ClientId): Promise<void> {
    const had = this.#sessions.delete(client.id);
    await this.#memory.cleanSubscriptions(client);
    if (had) await this.#log.add({ kind: 'subscription', client: client.id });
  }

  subscriptionsByClient(client: ClientId): Promise<readonly Subscription[]> {
    return this.#memory.subscriptionsByClient(client);
  }

  subscriptionsByTopic(topic: string): Promise<readonly { readonly clientId: string }[]> {
    return this.#memory.subscriptionsByTopic(topic);
  }

  countOffline(): Promise<object> {
    return this.#memory.countOffline();
  }

  // ── What waits for a client ──────────────────────────────────────────────────────────────────────────────────────

  outgoingEnqueue(to: { readonly clientId: string }, packet: StoredPacket): Promise<void> {
    return this.outgoingEnqueueCombi([to], packet);
  }

  async outgoingEnqueueCombi(
    to: readonly { readonly clientId: string }[],
    packet: StoredPacket,
  ): Promise<void> {
    if (to.length === 0) return;
    await this.#memory.outgoingEnqueueCombi(to, packet);
    const queued = { ...packet, messageId: undefined };
    const facts = toFacts(queued);
    for (const { clientId: client } of to) {
      this.#queues.add(client, queued);
      this.#behind({ kind: 'queued', client, key: keyOf(packet), ...facts });
    }
  }

  async outgoingUpdate(client: ClientId, packet: StoredPacket): Promise<void> {
    const before = this.#queues.find(client.id, packet);
    await this.#memory.outgoingUpdate(client, packet);
    if (before === undefined) return;
    // A PUBREL takes the place of its message, and its key.
    const { brokerId, brokerCounter } = before;
    const isRelease = packet.cmd === 'pubrel';
    const now = isRelease
      ? { ...packet, brokerId, brokerCounter }
      : { ...before, messageId: packet.messageId };
    this.#queues.add(client.id, now);
    const row = { kind: 'queued', client: client.id, key: keyOf(now), ...toFacts(now) } as const;
    // Before the release leaves: else a restart would send the message itself once more.
    if (isRelease) await this.#log.add(row);
    else this.#behind(row);
  }

  async outgoingClearMessageId(client: ClientId, packet: StoredPacket): Promise<StoredPacket | undefined> {
    const cleared = await this.#memory.outgoingClearMessageId(client, packet);
    const gone = cleared === undefined ? undefined : this.#queues.find(client.id, cleared);
    if (gone !== undefined) {
      this.#queues.delete(client.id, gone);
      this.#behind({ kind: 'queued', client: client.id, key: keyOf(gone) });
    }
    return cleared;
  }

  outgoingStream(client: ClientId): Readable {
    return this.#memory.outgoingStream(client);
  }

  // ── QoS 2 messages of a client that are not released yet ─────────────────────────────────────────────────────────

  async incomingStorePacket(client: ClientId, packet: StoredPacket): Promise<void> {
    await this.#memory.incomingStorePacket(client, packet);
    const key = String(packet.messageId);
    await this.#log.add({ kind: 'incoming', client: client.id, key, ...toFacts(packet) });
  }

  incomingGetPacket(client: ClientId, packet: StoredPacket): Promise<StoredPacket> {
    return this.#memory.incomingGetPacket(client, packet);
  }

  async incomingDelPacket(client: ClientId, packet: StoredPacket): Promise<void> {
    await this.#memory.incomingDelPacket(client, packet);
    this.#behind({ kind: 'incoming', client: client.id, key: String(packet.messageId) });
  }

  async cleanIncoming(client: ClientId): Promise<void> {
    await this.#memory.cleanIncoming(client);
    this.#behind({ kind: 'incoming', client: client.id });
  }

  // ── Wills, in memory ─────────────────────────────────────────────────────────────────────────────────────────────

  putWill(client: ClientId, packet: StoredPacket): Promise<unknown> {
    return this.#memory.putWill(client, packet);
  }

  getWill(client: ClientId): Promise<unknown> {
    return this.#memory.getWill(client);
  }

  delWill(client: ClientId): Promise<unknown> {
    return this.#memory.delWill(client);
  }

  streamWill(brokers?: object): Readable {
    return this.#memory.streamWill(brokers);
  }

  getClientList(topic: string): Readable {
    return this.#memory.getClientList(topic);
  }

  async destroy(): Promise<void> {
    await this.settled();
    await this.#memory.destroy();
  }

  /** Written soon; a failure costs what a restart would bring back, and is counted. */
  #behind(change: Parameters<StateLog['add']>[0]): void {
    this.#log.add(change).catch((error: unknown) => {
      this.#options.counters.count('mqtt.dropped', 'state-not-stored');
      this.#options.log.debug('A message for clients is not stored.', {
        kind: change.kind,
        why: String(error),
      });
    });
  }

  async #restore({ kind, client: id, key, facts, payload }: BrokerRow): Promise<void> {
    const memory = this.#memory;
    if (kind === 'subscribed') return;
    if (kind === 'subscription') this.#sessions.add(id);
    if (kind === 'retained') this.#retained.add(key);
    if (kind === 'subscription') return memory.addSubscriptions({ id }, [JSON.parse(facts) as Subscription]);
    const packet = toPacket(facts, payload);
    if (kind === 'retained') return memory.storeRetained(packet);
    if (kind === 'incoming') return memory.incomingStorePacket({ id }, packet);
    this.#queues.add(id, packet);
    await memory.outgoingEnqueue({ clientId: id }, packet);
    // The queue forgets packet ids of what it is given: what was sent already keeps its own.
    const { cmd, messageId } = packet;
    if (messageId !== undefined) await memory.outgoingUpdate({ id }, packet);
    if (cmd === 'pubrel') await memory.outgoingUpdate({ id }, { cmd, messageId } as StoredPacket);
  }
}

/**
 * The one file that knows aedes 1.2: its hooks as five plain questions, its clients as {@link BrokerClient}.
 * aedes is typed loosely and some of what is needed here is not typed at all; every cast stands in this file.
 * Spec: MQTT 3.1.1; aedes refuses MQTT 5 CONNECTs with CONNACK code 1.
 */
import type { Duplex } from 'node:stream';
import { Aedes, type Client, type PublishPacket } from 'aedes';
import mqttPacket from 'mqtt-packet';
import { limits } from '#contract/limits.ts';
import type { DurablePersistence } from './durable-persistence.ts';
import type { BrokerClient, BrokerNews, BrokerQuestions } from './broker-questions.ts';
import type { InboundPacket } from './publish-packet.ts';
import { QuietTopics } from './quiet-topics.ts';

export interface AedesAdapter {
  /** Takes over a connection; `admit` is called when CONNACK with code 0 was written. */
  handle(stream: Duplex, address: string, admit: () => void): BrokerClient;
  /** Its client was heard, although nothing of it came here: its keep alive begins anew. */
  heard(client: BrokerClient): void;
  /** Hands a message that was taken already to whoever subscribes to it, and retains it if it says so. */
  forward(client: BrokerClient, packet: InboundPacket, done: (packet: InboundPacket) => void): void;
  /** Publishes what the hub itself has to say, retained. */
  retain(topic: string, payload: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What aedes has but does not type. */
interface UntypedClient {
  readonly subscriptions: Readonly<Record<string, unknown>>;
  readonly will: PublishPacket | null;
  readonly _keepaliveInterval: number;
  readonly _keepaliveTimer: { refresh(): void } | null;
  /** Writes the packet; calls back without an error even if that failed, but then the client is closed. */
  deliver0(packet: object, done: () => void): void;
}
interface UntypedBroker {
  readonly clients: Readonly<Record<string, Client>>;
  readonly persistence: {
    outgoingEnqueueCombi(
      subscriptions: readonly { readonly clientId: string }[],
      packet: PublishPacket,
    ): Promise<unknown>;
    incomingStorePacket(client: Client, packet: PublishPacket): Promise<unknown>;
    incomingDelPacket(client: Client, packet: PublishPacket): Promise<unknown>;
  };
}

type UntypedPublish = (packet: object, client: Client | undefined, done: (error?: Error) => void) => void;

interface Connection {
  readonly address: string;
  readonly admit: () => void;
}

/** Packets a client may have sent before CONNACK; the guard holds them back, so this never fills. */
const queueLimit = 1000;
/** A second net under the guard, which closes whoever does not read long before. */
const drainTimeoutMs = 5000;

/** @param persistence absent: sessions and retained messages end with the process */
export async function createAedes(
  questions: BrokerQuestions,
  news: BrokerNews,
  persistence?: DurablePersistence,
): Promise<AedesAdapter> {
  // Else the codec keeps each of the 65,536 packet ids as a buffer of its own, from the first CONNACK on: 7 MB.
  mqttPacket.writeToStream.cacheNumbers = false;
  const seen = new WeakMap<Client, BrokerClient>();
  const clients = new WeakMap<BrokerClient, Client>();
  const connections = new WeakMap<Duplex, Connection>();
  const known = (client: Client): BrokerClient => {
    const existing = seen.get(client);
    if (existing !== undefined) return existing;
    const made = wrap(client, connections.get(client.conn)?.address ?? '');
    seen.set(client, made);
    clients.set(made, client);
    return made;
  };
  const aedes = await Aedes.createBroker({
    ...(persistence === undefined ? {} : { persistence }),
    queueLimit,
    drainTimeout: drainTimeoutMs,
    maxClientsIdLength: 128,
    preConnect(client, packet, done) {
      const level = packet.protocolVersion ?? 0;
      if (level < 3 || level > 4) news.refusedVersion(packet.clientId, level, known(client).address);
      done(null, true);
    },
    authenticate(client, _username, password, done) {
      const verdict = questions.authenticate(known(client), password?.toString());
      if (verdict === true) return done(null, true);
      done(Object.assign(new Error('The login was refused.'), { returnCode: verdict }), null);
    },
    authorizePublish(client, packet, done) {
      if (client === null) return done(new Error('A will without a client.'));
      const isWill = (client as unknown as UntypedClient).will === packet;
      void answer(publish(questions, known(client), packet, isWill), done);
    },
    authorizeSubscribe(client, subscription, done) {
      const who = known(client);
      done(null, questions.maySubscribe(who, subscription.topic) ? subscription : null);
    },
    authorizeForward(client, packet) {
      return questions.mayReceive(known(client), packet.topic) ? packet : null;
    },
  });
  takeExactlyOnce(aedes, questions, known);
  boundQueues(aedes, news, persistence);
  const quiet = new QuietTopics(aedes);
  report(aedes, news, known);
  aedes.on('connackSent', (packet, client) => {
    if (packet.returnCode === 0) connections.get(client.conn)?.admit();
  });
  return {
    handle(stream, address, admit) {
      connections.set(stream, { address, admit });
      return known(aedes.handle(stream));
    },
    heard(who) {
      const client = clients.get(who) as unknown as UntypedClient | undefined;
      if (client !== undefined && client._keepaliveInterval > 0) client._keepaliveTimer?.refresh();
    },
    forward(who, inbound, done) {
      const { topic, payload, qos, retain } = inbound;
      if (!retain && quiet.has(topic)) return done(inbound);
      const packet = {
        cmd: 'publish',
        topic,
        payload: Buffer.from(payload),
        qos,
        retain,
        dup: false,
      } as const;
      const publishAs = aedes.publish.bind(aedes) as unknown as UntypedPublish;
      publishAs(packet, clients.get(who), (error) => {
        if (error) news.failed(who, error);
        done(inbound);
      });
    },
    retain: (topic, payload) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, dup: false } as const;
        aedes.publish({ ...packet, retain: true }, (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      await new Promise<void>((resolve) => aedes.close(resolve));
      await persistence?.settled();
    },
  };
}

/** A promise for a hook that takes a callback. */
async function answer(work: Promise<void>, done: (error?: Error) => void): Promise<void> {
  try {
    await work;
  } catch (error) {
    return done(error as Error);
  }
  done();
}

async function publish(
  questions: BrokerQuestions,
  client: BrokerClient,
  packet: PublishPacket,
  isWill: boolean,
): Promise<void> {
  const inbound = toInbound(packet, isWill);
  const verdict = questions.mayPublish(client, inbound);
  if (verdict === false) throw new Error('This topic is not open to this client.');
  if (verdict === 'not-retained') packet.retain = false;
  // QoS 2 is taken when aedes knows that the packet is no retransmission; QoS 0 and 1 come here as wills only.
  if (packet.qos !== 2 || isWill) await taken(questions, client, inbound);
}

function taken(questions: BrokerQuestions, client: BrokerClient, packet: InboundPacket): Promise<void> {
  return new Promise((resolve, reject) => {
    questions.take(client, packet, { taken: resolve, failed: reject });
  });
}

/** QoS 2: aedes stores the packet before PUBREC, and only if its packet id is not stored yet. */
function takeExactlyOnce(
  aedes: Aedes,
  questions: BrokerQuestions,
  known: (client: Client) => BrokerClient,
): void {
  const { persistence } = aedes as unknown as UntypedBroker;
  const store = persistence.incomingStorePacket.bind(persistence);
  const release = persistence.incomingDelPacket.bind(persistence);
  persistence.incomingStorePacket = async (client, packet) => {
    await taken(questions, known(client), toInbound(packet, false));
    return store(client, packet);
  };
  persistence.incomingDelPacket = async (client, packet) => {
    if (packet.messageId !== undefined) await questions.released(known(client), packet.messageId);
    return release(client, packet);
  };
}

/** aedes keeps messages for sessions whose client is away without a limit; the newest are refused here. */
function boundQueues(aedes: Aedes, news: BrokerNews, durable: DurablePersistence | undefined): void {
  const { clients, persistence } = aedes as unknown as UntypedBroker;
  const queued = new Map<string, number>();
  const enqueue = persistence.outgoingEnqueueCombi.bind(persistence);
  persistence.outgoingEnqueueCombi = (subscriptions, packet) => {
    const open = subscriptions.filter(({ clientId }) => {
      if (clients[clientId] !== undefined) return true;
      const count = queued.get(clientId) ?? durable?.queued(clientId) ?? 0;
      if (count >= limits.mqttQueuedPerSession) {
        news.queueFull(clientId);
        return false;
      }
      queued.set(clientId, count + 1);
      return true;
    });
    return enqueue(open, packet);
  };
  aedes.on('clientReady', ({ id }) => queued.delete(id));
}

function report(aedes: Aedes, news: BrokerNews, known: (client: Client) => BrokerClient): void {
  aedes.on('client', (client) => news.arrived(known(client)));
  // A restored session's subscriptions are in place now, without an event of their own.
  aedes.on('clientReady', (client) => news.subscriptionsChanged(known(client)));
  aedes.on('subscribe', (_subscriptions, client: Client | null) => {
    if (client !== null) news.subscriptionsChanged(known(client));
  });
  aedes.on('unsubscribe', (_filters, client: Client | null) => {
    if (client !== null) news.subscriptionsChanged(known(client));
  });
  aedes.on('clientDisconnect', (client) => news.gone(known(client)));
  aedes.on('clientError', (client, error) => news.failed(known(client), error));
  aedes.on('connectionError', (client, error) => news.failed(known(client), error));
  (aedes as NodeJS.EventEmitter).on('error', (error: Error) => news.failed(undefined, error));
}

function toInbound(packet: PublishPacket, isWill: boolean): InboundPacket {
  return {
    topic: packet.topic,
    payload: typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload,
    qos: packet.qos,
    retain: packet.retain,
    dup: packet.dup,
    packetId: packet.qos > 0 ? packet.messageId : undefined,
    isWill,
  };
}

function wrap(client: Client, address: string): BrokerClient {
  return {
    address,
    get id() {
      return client.id ?? '';
    },
    get clean() {
      return client.clean;
    },
    get connected() {
      return client.connected && !client.closed;
    },
    get filters() {
      return Object.keys((client as unknown as UntypedClient).subscriptions);
    },
    send(topic, payload) {
      return new Promise((resolve, reject) => {
        const packet = { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false } as const;
        // Not `client.publish`: that numbers the packet, and aedes drops what another one overtakes.
        (client as unknown as UntypedClient).deliver0(packet, () => {
          if (client.closed) reject(new Error('The connection ended.'));
          else resolve();
        });
      });
    },
    close: () => client.close(),
  };
}

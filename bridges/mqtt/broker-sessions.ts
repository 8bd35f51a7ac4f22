/**
 * Who is connected to the embedded broker, and what each may do, is doing and is told: the broker's questions answered.
 * Spec: ARCHITECTURE §5 (acknowledgement), §6 (links), §8 (topics); MQTT 3.1.1, §3.1.2.4 and §4.3.3 (sessions, QoS 2).
 */
import type { Principal } from '#contract/access.ts';
import { limits } from '#contract/limits.ts';
import { defaultTopicRoot, parseTopic, type OwnTopic } from '#contract/topics.ts';
import type { Access, Clock, Commands, Counters, Devices, Ingest, Log, PacketIds, Traces } from '#ports';
import type { BrokerClient, BrokerNews, BrokerQuestions } from './broker-questions.ts';
import { CommandLinks } from './command-links.ts';
import { families } from './families/all.ts';
import { Inbound } from './inbound.ts';
import { clientBack } from './client-back.ts';
import type { Rules } from './mapping.ts';
import type { Acknowledgement, InboundMessage, Sender, WayBack } from './meaning.ts';
import type { InboundPacket } from './publish-packet.ts';
import { RetainedBudget } from './retained-budget.ts';
import { TopicRights, type TopicPermission } from './topic-permissions.ts';

export interface BrokerSessionsOptions {
  readonly access: Pick<Access, 'may' | 'authenticate' | 'onEnded'>;
  readonly ingest: Ingest;
  readonly devices: Pick<Devices, 'attach' | 'connected' | 'status' | 'reported' | 'describe'>;
  readonly commands: Pick<Commands, 'attach' | 'answer'>;
  /** Without it QoS 2 is exactly-once only as long as the hub runs. */
  readonly packetIds?: PacketIds | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  readonly topicRoot?: string | undefined;
  /** IANA name of the zone of devices that tell local time; UTC if absent. */
  readonly timeZone?: string | undefined;
  readonly rules?: Rules | undefined;
  readonly traces?: Pick<Traces, 'note'> | undefined;
  readonly topicPermissions?: Readonly<Partial<Record<OwnTopic['kind'], TopicPermission>>> | undefined;
}

/** A client whose token was accepted. */
interface Session {
  readonly principal: Principal;
  readonly sender: Sender;
  readonly mayWrite: InboundMessage['mayWrite'];
  /** For commands in the words of its devices' family. */
  readonly back: WayBack;
  /** Of its last message. */
  lastTopic?: string | undefined;
  /** The last topic that it was found to have the right to publish to. */
  openTopic?: string | undefined;
  /** Ends its presence; only for the token of one device. */
  disconnected?: (() => void) | undefined;
  /** QoS 2: settles once the packet ids of an earlier session with this client id are forgotten. */
  fresh?: Promise<void> | undefined;
}

export class BrokerSessions implements BrokerQuestions, BrokerNews {
  readonly #options: BrokerSessionsOptions;
  readonly #root: string;
  readonly #rights: TopicRights;
  readonly #inbound: Inbound;
  readonly #links: CommandLinks;
  readonly #retained = new RetainedBudget();
  readonly #sessions = new Map<BrokerClient, Session>();
  /** The newest client of each client id. */
  readonly #owners = new Map<string, BrokerClient>();

  constructor(options: BrokerSessionsOptions) {
    const { access, commands, counters, topicPermissions } = options;
    this.#options = options;
    this.#root = options.topicRoot ?? defaultTopicRoot;
    this.#rights = new TopicRights({ access, topicRoot: this.#root, permissions: topicPermissions });
    this.#inbound = new Inbound({ ...options, families });
    this.#links = new CommandLinks({ commands, devices: options.devices, counters, topicRoot: this.#root });
    access.onEnded(({ tokenId, sessionId }) => {
      // A browser's session is none of a client's that has the token itself.
      if (sessionId === undefined) this.#closeAllOf(tokenId);
    });
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** @throws {Error} a topic kind has no declared permission: nothing may start */
  verify(): void {
    this.#rights.verify();
  }

  /** The connection is over, however far it came. */
  forget(client: BrokerClient): void {
    this.gone(client);
    this.#sessions.delete(client);
    if (this.#owners.get(client.id) === client) this.#owners.delete(client.id);
  }

  // ── Questions of the broker ──────────────────────────────────────────────────────────────────────────────────────

  authenticate(client: BrokerClient, password: string | undefined): true | 2 | 5 {
    const { access, counters, log } = this.#options;
    const principal = password === undefined ? undefined : access.authenticate(password);
    if (principal === undefined) {
      counters.count('mqtt.refused', 'not-authorised');
      log.warn('Refused an MQTT login.', { clientId: client.id, address: client.address });
      return 5;
    }
    const owner = this.#owners.get(client.id);
    if (owner !== undefined && this.#sessions.get(owner)?.principal.tokenId !== principal.tokenId) {
      counters.count('mqtt.refused', 'client-id-taken');
      log.warn('Refused a client id that another token uses.', {
        clientId: client.id,
        address: client.address,
      });
      return 2;
    }
    this.#owners.set(client.id, client);
    const back = clientBack(client, (topic) => this.#rights.mayReceive(principal, topic));
    const mayWrite: Session['mayWrite'] = (group, device) =>
      access.may(principal, 'telemetry:write', { group, device });
    this.#sessions.set(client, { principal, sender: toSender(principal), mayWrite, back });
    return true;
  }

  mayPublish(
    client: BrokerClient,
    { topic, retain, payload }: InboundPacket,
  ): 'yes' | 'not-retained' | false {
    const session = this.#sessions.get(client);
    if (session === undefined) return false;
    const { principal } = session;
    // Rights are the principal's for good: a token that ends closes its connections.
    if (session.openTopic !== topic && !this.#rights.mayPublish(principal, topic)) {
      this.#options.counters.count('mqtt.refused', 'publish');
      this.#options.log.warn('Closed a client that published outside its rights.', {
        clientId: client.id,
        topic,
      });
      return false;
    }
    session.openTopic = topic;
    if (!retain || this.#retained.allows(principal.tokenId, topic, payload.length)) return 'yes';
    this.#options.counters.count('mqtt.refused', 'retain');
    return 'not-retained';
  }

  take(client: BrokerClient, packet: InboundPacket, acknowledgement: Acknowledgement): void {
    const session = this.#sessions.get(client);
    if (session === undefined) return acknowledgement.failed(new Error('The session has ended.'));
    this.#speaksFor(client, session, packet.topic);
    if (packet.qos !== 2) return this.#offer(client, session, packet, undefined, acknowledgement);
    this.#exactlyOnce(client, session, packet).then(
      (exactlyOnce) => this.#offer(client, session, packet, exactlyOnce, acknowledgement),
      (error: unknown) => acknowledgement.failed(error),
    );
  }

  async released(client: BrokerClient, packetId: number): Promise<void> {
    const session = this.#sessions.get(client);
    if (session !== undefined) await this.#options.packetIds?.release(packetOwner(client, session), packetId);
  }

  maySubscribe(client: BrokerClient, filter: string): boolean {
    const session = this.#sessions.get(client);
    if (session === undefined) return false;
    const isTooMany =
      client.filters.length >= limits.mqttSubscriptionsPerClient && !client.filters.includes(filter);
    if (!isTooMany && this.#rights.maySubscribe(session.principal, filter)) return true;
    this.#options.counters.count('mqtt.refused', isTooMany ? 'too-many-subscriptions' : 'subscribe');
    this.#options.log.warn('Refused a subscription.', { clientId: client.id, filter });
    return false;
  }

  mayReceive(client: BrokerClient, topic: string): boolean {
    const session = this.#sessions.get(client);
    return session !== undefined && this.#rights.mayReceive(session.principal, topic);
  }

  // ── News of the broker ───────────────────────────────────────────────────────────────────────────────────────────

  arrived(client: BrokerClient): void {
    const session = this.#sessions.get(client);
    if (session === undefined) return;
    const { groups, device } = session.principal;
    if (device !== undefined && groups !== '*' && groups[0] !== undefined) {
      session.disconnected = this.#options.devices.connected(groups[0], device);
      this.#links.speaksFor(client, groups[0], device);
    }
  }

  subscriptionsChanged(client: BrokerClient): void {
    const role = this.#sessions.get(client)?.principal.role;
    if (role === 'device' || role === 'gateway') this.#links.subscriptionsChanged(client);
  }

  gone(client: BrokerClient): void {
    const session = this.#sessions.get(client);
    session?.disconnected?.();
    if (session !== undefined) {
      session.disconnected = undefined;
      this.#inbound.links.closed(session.back);
    }
    this.#links.gone(client);
  }

  refusedVersion(clientId: string, level: number, address: string): void {
    this.#options.counters.count('mqtt.refused', 'protocol-version');
    this.#options.log.warn(
      'Refused a client that speaks another version of MQTT; this broker speaks 3.1 and 3.1.1.',
      {
        // Nothing of such a CONNECT was checked.
        clientId: clientId.slice(0, limits.idChars),
        level,
        address,
      },
    );
  }

  queueFull(clientId: string): void {
    this.#options.counters.count('mqtt.dropped', 'session-queue-full');
    this.#options.log.debug('A message is not kept for a client that is away.', { clientId });
  }

  failed(client: BrokerClient | undefined, error: Error): void {
    this.#options.counters.count('mqtt.closed', 'error');
    this.#options.log.debug('An MQTT connection ended with an error.', {
      clientId: client?.id,
      why: error.message,
    });
  }

  #offer(
    { address }: BrokerClient,
    { principal, sender, mayWrite, back }: Session,
    { topic, payload, qos, dup }: InboundPacket,
    exactlyOnce: InboundMessage['exactlyOnce'],
    acknowledgement: Acknowledgement,
  ): void {
    const message: InboundMessage = {
      topic,
      payload,
      isReplay: false,
      possibleDuplicate: dup && qos === 1,
      exactlyOnce,
      receivedAtUs: this.#options.clock.nowUs(),
      qos,
      principal: principal.id,
      sender,
      address,
      back,
      mayWrite,
    };
    this.#inbound.offer(message, acknowledgement);
  }

  /** A gateway can be told of every device that it has spoken for. */
  #speaksFor(client: BrokerClient, session: Session, topic: string): void {
    if (session.principal.role !== 'gateway' || session.lastTopic === topic) return;
    session.lastTopic = topic;
    const own = parseTopic(topic, this.#root);
    if (own !== undefined) this.#links.speaksFor(client, own.group, own.device);
  }

  async #exactlyOnce(
    client: BrokerClient,
    session: Session,
    { qos, packetId, isWill }: InboundPacket,
  ): Promise<{ clientId: string; packetId: number } | undefined> {
    const { packetIds } = this.#options;
    if (packetIds === undefined || qos !== 2 || packetId === undefined || isWill) return undefined;
    const clientId = packetOwner(client, session);
    // §3.1.2.4: a clean session starts with no packet id in use, whatever an earlier one left behind.
    if (client.clean) await (session.fresh ??= packetIds.release(clientId));
    return { clientId, packetId };
  }

  #closeAllOf(tokenId: string): void {
    for (const [client, { principal }] of this.#sessions) {
      if (principal.tokenId !== tokenId) continue;
      this.#options.counters.count('mqtt.closed', 'rights-ended');
      this.#options.log.info('Closed an MQTT client whose token ended or changed.', { clientId: client.id });
      client.close();
    }
  }
}

/** A device is itself, in its own group; a gateway that says `me` is known by the name of its token. */
function toSender({ groups, device, name }: Principal): Sender {
  if (device === undefined) return { device: name };
  return { group: groups === '*' ? undefined : groups[0], device };
}

/** Packet ids belong to a client id, and a client id to the token that uses it. */
function packetOwner(client: BrokerClient, { principal }: Session): string {
  return `${principal.tokenId}/${client.id}`;
}

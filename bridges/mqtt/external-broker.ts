/**
 * A client of somebody else's MQTT broker: reads everything, acknowledges what is durable, sends commands to devices
 * that speak our topics. MQTT 5 first, 3.1.1 if that is refused; back-off with full jitter.
 * Spec: ARCHITECTURE §2 (retained replays), §5, §6; MQTT 5, §3.1.2.11 (session expiry, Receive Maximum).
 */
import type { connect, IPublishPacket, MqttClient } from 'mqtt';
import type { EdgeStatus } from '#contract/status.ts';
import { defaultTopicRoot } from '#contract/topics.ts';
import type { BrokerStateStore, Clock, Commands, Counters, Devices, Edge, Ingest, Log, Traces } from '#ports';
import {
  isVersionRefusal,
  loginOptions,
  whyAway,
  whyDismissed,
  withoutCredentials,
  type BrokerLogin,
} from './broker-login.ts';
import { BrokerSubscriptions } from './broker-subscriptions.ts';
import { BrokerWatch } from './broker-watch.ts';
import { HeldPubacks } from './held-pubacks.ts';
import { PacedIntake } from './paced-intake.ts';
import { families } from './families/all.ts';
import { Inbound } from './inbound.ts';
import type { Rules } from './mapping.ts';
import type { InboundMessage, WayBack } from './meaning.ts';
import { OwnTopics } from './own-topic-names.ts';
import { brokerBack, PublishedLinks } from './published-links.ts';
import { SparkplugHost } from './sparkplug-host.ts';
import { SubscribedFilters } from './subscribed-filters.ts';
import { leaveShares, subscribe } from './subscribing.ts';
import { untilTaken } from './until-taken.ts';

/** `name` is ours: it names the edge, the principal `bridge:<name>` and the session at the broker. */
export interface ExternalBrokerOptions extends BrokerLogin {
  readonly url: string;
  readonly ingest: Ingest;
  readonly devices: Pick<Devices, 'attach' | 'status' | 'reported' | 'describe'>;
  readonly commands: Pick<Commands, 'attach' | 'answer'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** Between 0 and 1; spreads reconnects. */
  readonly random?: (() => number) | undefined;
  readonly topicRoot?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly rules?: Rules | undefined;
  readonly traces?: Pick<Traces, 'note'> | undefined;
  /** Whether commands go out to its devices; without them nothing is published to it. */
  readonly sendsCommands?: boolean | undefined;
  /** Divides telemetry among the hubs that name the same group, where the broker can. */
  readonly share?: string | undefined;
  /** Remembers what our session there is subscribed to. */
  readonly brokerState?: BrokerStateStore | undefined;
}

interface Received {
  readonly topic: string;
  readonly payload: Buffer;
  readonly packet: IPublishPacket;
}

/** Who may write what is that broker's business. */
const anything = (): boolean => true;
const backOffMs = { first: 500, most: 30_000 } as const;
const drainMs = 2000;

export class ExternalBroker implements Edge {
  readonly #options: ExternalBrokerOptions;
  readonly #root: string;
  readonly #topics: OwnTopics;
  readonly #inbound: Inbound;
  readonly #links: PublishedLinks;
  readonly #subscriptions: BrokerSubscriptions;
  readonly #remembered: SubscribedFilters | undefined;
  readonly #watch = new BrokerWatch();
  /** Undefined: nothing is published to this broker. */
  readonly #back: WayBack | undefined;
  #state: EdgeStatus['state'] = 'stopped';
  #detail = 'not started';
  #protocolVersion: 4 | 5 = 5;
  #attempts = 0;
  #hasSubscribed = false;
  #connection: { readonly client: MqttClient; readonly held: HeldPubacks } | undefined;
  /** Of this connection; undefined while nothing is published. */
  #host: SparkplugHost | undefined;
  #cancelRetry: () => void = () => {};

  constructor(options: ExternalBrokerOptions) {
    this.#options = options;
    this.#root = options.topicRoot ?? defaultTopicRoot;
    this.#topics = new OwnTopics(this.#root);
    this.#inbound = new Inbound({ ...options, families });
    this.#links = new PublishedLinks({ ...options, topicRoot: this.#root });
    this.#subscriptions = new BrokerSubscriptions(this.#root, options.share);
    const { brokerState, name, url } = options;
    this.#remembered =
      brokerState && new SubscribedFilters(brokerState, `${name} ${withoutCredentials(url)}`);
    this.#back =
      options.sendsCommands === false ? undefined : brokerBack(() => this.#connection?.client, this.#root);
  }

  /** Starts to connect and goes on until `stop`; a broker that is away does not keep the hub from starting. */
  async start(): Promise<void> {
    this.#state = 'starting';
    this.#detail = 'connecting';
    // Loaded only where there is such a broker: it takes 20 MB.
    const mqtt = await import('mqtt');
    if (!this.#isStopped()) this.#connect(mqtt.connect);
  }

  /**
   * Leaves a shared subscription to the others, acknowledges what becomes durable within 2 s; the broker keeps the rest
   * for our next session: what comes from now on is not acknowledged.
   */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#detail = 'stopped';
    this.#cancelRetry();
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) return;
    const { client, held } = connection;
    this.#unlink();
    held.refuseOthers();
    client.removeAllListeners('message');
    client.on('message', (_topic, _payload, { qos }) => {
      if (qos === 0) this.#options.counters.count('mqtt.dropped', 'qos0-stopping');
    });
    const deadline = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(drainMs, deadline.resolve);
    const ended = leaveShares(client, this.#subscriptions.leaving(this.#protocolVersion), this.#options.log)
      .then(() => held.empty())
      .then(() => this.#sayHost('death', client))
      .then(() => client.endAsync());
    await Promise.race([ended, deadline.promise]);
    cancel();
    client.end(true);
  }

  status(): EdgeStatus {
    return {
      name: this.#options.name,
      state: this.#state,
      detail: this.#detail,
      address: withoutCredentials(this.#options.url),
      ...(this.#state === 'up' && { advice: this.#watch.advice }),
      ...this.#watch.figures,
    };
  }

  #isStopped(): boolean {
    return this.#state === 'stopped';
  }

  #connect(open: typeof connect): void {
    const { url, name, log } = this.#options;
    this.#host =
      this.#back === undefined
        ? undefined
        : new SparkplugHost(`signalbox-${name}`, this.#options.clock.nowUs() / 1000);
    const client = open(url, loginOptions(this.#options, this.#protocolVersion, this.#host?.will));
    const held = new HeldPubacks(client, () => (this.#watch.acknowledged += 1));
    const intake = new PacedIntake(client, this.#options.clock);
    this.#connection = { client, held };
    let wasConnected = false;
    let problem: string | undefined;
    client.on('connect', ({ sessionPresent }) => {
      wasConnected = true;
      this.#subscribe(client, sessionPresent).catch((error: unknown) => this.#fail(client, error));
    });
    client.on('message', (topic, payload, packet) => {
      this.#watch.received += 1;
      const puback =
        packet.qos === 1 && packet.messageId !== undefined ? held.hold(packet.messageId) : undefined;
      intake.begin();
      const done = (): void => {
        puback?.();
        intake.done();
      };
      this.#receive({ topic, payload, packet }, () => held.isClosed, done);
    });
    client.on('error', (error) => {
      problem = whyAway(error, this.#options);
      log.warn('The MQTT broker or the way to it has a problem.', { broker: name, why: problem });
      if (isVersionRefusal(error)) this.#protocolVersion = 4;
    });
    client.on('disconnect', ({ reasonCode }) => (problem = whyDismissed(reasonCode)));
    client.once('close', () => {
      // Some brokers refuse a version by closing without a word.
      if (!wasConnected && problem === undefined) this.#protocolVersion = this.#protocolVersion === 5 ? 4 : 5;
      if (!this.#isStopped())
        this.#detail = `${wasConnected ? 'the connection was lost' : 'no connection'}: ${problem ?? 'it closed'}`;
      this.#closed(client, wasConnected, () => this.#connect(open));
    });
  }

  async #subscribe(client: MqttClient, sessionPresent: boolean): Promise<void> {
    const notes = await subscribe({
      ...this.#options,
      client,
      subscriptions: this.#subscriptions,
      remembered: this.#remembered,
      protocolVersion: this.#protocolVersion,
      wantsReplays: !(this.#hasSubscribed && sessionPresent),
      sessionPresent,
    });
    this.#hasSubscribed = true;
    await this.#sayHost('birth', client);
    if (this.#back !== undefined) this.#inbound.links.opened(this.#back);
    const { log, name: broker } = this.#options;
    this.#attempts = 0;
    this.#state = 'up';
    const protocol = this.#protocolVersion === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
    this.#detail = [protocol, ...notes].join('; ');
    log.info('Reading from an MQTT broker.', { broker, protocol });
  }

  #fail(client: MqttClient, error: unknown): void {
    // A broker may refuse `$SYS/#` by closing; the close is handled like any other.
    this.#options.log.warn('Subscribing failed.', { broker: this.#options.name, why: String(error) });
    client.end(true);
  }

  /** @param done is called when the message may be acknowledged */
  #receive({ topic, payload, packet }: Received, isOver: () => boolean, done: () => void): void {
    const { counters, clock, name, log } = this.#options;
    if (this.#host?.isDeath(topic, payload) === true) void this.#sayHost('birth', this.#connection?.client);
    const copy = this.#subscriptions.judge(topic, packet);
    if (copy !== 'counts') {
      counters.count('mqtt.received', copy);
      return done();
    }
    this.#listenToBroker(topic, payload);
    const own = this.#topics.parse(topic);
    if (own?.kind === 'command' || own?.kind === 'desired') {
      // Our own publishes come back from brokers without No Local.
      counters.count('mqtt.received', 'own-publish');
      return done();
    }
    if (own !== undefined && this.#options.sendsCommands !== false)
      this.#links.heard(own, payload, this.#connection?.client);
    const message: InboundMessage = {
      topic,
      payload,
      contentType: packet.properties?.contentType,
      isReplay: packet.retain,
      isUrgent: this.#connection?.held.isCrowded,
      possibleDuplicate: packet.dup && packet.qos === 1,
      receivedAtUs: clock.nowUs(),
      qos: packet.qos,
      principal: `bridge:${name}`,
      back: this.#back,
      mayWrite: anything,
    };
    const waiting = { qos: packet.qos, clock, log, counters, isOver };
    untilTaken((acknowledgement) => this.#inbound.offer(message, acknowledgement), waiting, done);
  }

  #listenToBroker(topic: string, payload: Buffer): void {
    if (!topic.startsWith('$SYS/')) return;
    const dropped = this.#watch.heard(topic, payload);
    if (dropped === undefined) return;
    const { counters, log, name: broker } = this.#options;
    counters.count('mqtt.dropped', 'by-the-broker', dropped);
    log.warn('The MQTT broker dropped messages for its clients, perhaps for this hub.', { broker, dropped });
  }

  /** For Sparkplug nodes; a refusal is the broker's right and no reason to leave. */
  async #sayHost(what: 'birth' | 'death', client: MqttClient | undefined): Promise<void> {
    if (this.#host === undefined || client?.connected !== true) return;
    const nowMs = this.#options.clock.nowUs() / 1000;
    const { topic, payload, ...options } = what === 'birth' ? this.#host.birth : this.#host.death(nowMs);
    try {
      await client.publishAsync(topic, payload, options);
    } catch (error) {
      this.#options.log.warn('The state of the Sparkplug host was not published.', { why: String(error) });
    }
  }

  #unlink(): void {
    this.#links.clear();
    if (this.#back !== undefined) this.#inbound.links.closed(this.#back);
  }

  #closed(client: MqttClient, wasConnected: boolean, again: () => void): void {
    client.end(true);
    this.#unlink();
    if (this.#isStopped()) return;
    this.#connection = undefined;
    this.#state = 'down';
    const most = Math.min(backOffMs.most, backOffMs.first * 2 ** this.#attempts);
    this.#attempts += 1;
    const { random = Math.random, clock, counters } = this.#options;
    this.#watch.reconnects += 1;
    counters.count('mqtt.reconnect', wasConnected ? 'lost' : 'refused');
    this.#cancelRetry = clock.after(random() * most, again);
  }
}

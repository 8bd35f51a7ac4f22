/**
 * The MQTT broker inside the hub: MQTT 3.1 and 3.1.1 over TCP, TLS and WebSocket, on aedes behind a packet guard.
 * Login: any user name, the token as password. A PUBACK (QoS 1) or PUBREC (QoS 2) leaves only when what the message
 * brought is durable. Spec: ARCHITECTURE §5, §6, §8; RELIABILITY §2.5.
 */
import type { Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '#contract/limits.ts';
import type { EdgeStatus } from '#contract/status.ts';
import type { BrokerStateStore, Edge } from '#ports';
import { createAedes, type AedesAdapter } from './aedes-adapter.ts';
import { BrokerSessions, type BrokerSessionsOptions } from './broker-sessions.ts';
import { DurablePersistence } from './durable-persistence.ts';
import {
  openTcp,
  openTls,
  openWebSocketPort,
  shareHttpServer,
  type Certificate,
  type Door,
} from './listeners.ts';
import { PacketGuard, type GuardLimits } from './packet-guard.ts';
import { PublishLane } from './publish-lane.ts';
import { RareLog } from './rare-log.ts';
import { SparkplugHost, type HostMessage } from './sparkplug-host.ts';

export interface EmbeddedBrokerOptions extends BrokerSessionsOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** A second port, encrypted. */
  readonly tls?: (Certificate & { readonly host: string; readonly port: number }) | undefined;
  /** A port for WebSockets alone; with `tls` it speaks `wss`. */
  readonly webSocketPort?: number | undefined;
  /** Serves `/mqtt` here too. */
  readonly httpServer?: HttpServer | undefined;
  /** Absent: sessions and retained messages end with the process. */
  readonly brokerState?: BrokerStateStore | undefined;
  readonly packetBytes?: number | undefined;
  readonly connectBytes?: number | undefined;
}

export class EmbeddedBroker implements Edge {
  readonly #options: EmbeddedBrokerOptions;
  readonly #sessions: BrokerSessions;
  readonly #guardLimits: GuardLimits;
  readonly #connections = new Set<Duplex>();
  readonly #load = { underWay: 0 };
  #aedes: AedesAdapter | undefined;
  #host: SparkplugHost | undefined;
  #doors: readonly Door[] = [];
  #state: EdgeStatus['state'] = 'stopped';

  constructor(options: EmbeddedBrokerOptions) {
    const { packetBytes, connectBytes } = options;
    // Peers decide what is worth a warning here: they must not fill the log with it.
    this.#options = { ...options, log: new RareLog(options.log, options.clock) };
    this.#sessions = new BrokerSessions(this.#options);
    this.#guardLimits = {
      beforeConnackBytes: connectBytes ?? limits.mqttPacketBytesBeforeConnack,
      packetBytes: packetBytes ?? limits.mqttPacketBytes,
      unreadBytes: limits.mqttUnreadBytes,
      connectDeadlineMs: limits.mqttConnectDeadlineMs,
    };
  }

  /** @throws {Error} a port is taken, the certificate cannot be used, or a topic kind has no declared permission */
  async start(): Promise<void> {
    this.#sessions.verify();
    this.#state = 'starting';
    const { brokerState: store, clock, log, counters } = this.#options;
    const persistence = store && new DurablePersistence({ store, log, counters });
    const aedes = await createAedes(this.#sessions, this.#sessions, persistence);
    this.#aedes = aedes;
    try {
      await this.#open(aedes);
    } catch (error) {
      await this.#close();
      this.#state = 'down';
      throw error;
    }
    this.#host = new SparkplugHost('signalbox', clock.nowUs() / 1000);
    await this.#sayHost(this.#host.birth);
    this.#state = 'up';
    log.info('The MQTT broker is listening.', { at: this.#doors.map(({ name }) => name) });
  }

  /** Closes every connection; what was not acknowledged will be sent again. */
  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    if (this.#host !== undefined) await this.#sayHost(this.#host.death(this.#options.clock.nowUs() / 1000));
    await this.#close();
  }

  /** For Sparkplug nodes that speak only while their host application is there. */
  async #sayHost({ topic, payload }: HostMessage): Promise<void> {
    await this.#aedes?.retain(topic, payload).catch((error: unknown) => {
      this.#options.log.warn('The state of the Sparkplug host was not published.', { why: String(error) });
    });
  }

  status(): EdgeStatus {
    const [tcp, ...others] = this.#doors.map(({ name }) => name);
    return {
      name: 'mqtt',
      state: this.#state,
      address: tcp?.replace('tcp://', ''),
      connections: this.#sessions.size,
      detail: ['MQTT 3.1 and 3.1.1 over TCP', ...others].join(', '),
    };
  }

  async #open(aedes: AedesAdapter): Promise<void> {
    const { host, port, tls, webSocketPort, httpServer, counters } = this.#options;
    const welcome = (stream: Duplex, address: string): void => this.#welcome(stream, address, aedes);
    const dropped = (): void => counters.count('mqtt.refused', 'too-many-connections');
    const opened: Door[] = [];
    this.#doors = opened;
    opened.push(await openTcp({ host, port }, welcome, dropped));
    if (tls !== undefined) opened.push(await openTls(tls, welcome, dropped));
    if (webSocketPort !== undefined)
      opened.push(await openWebSocketPort({ host, port: webSocketPort, certificate: tls }, welcome, dropped));
    if (httpServer !== undefined) opened.push(shareHttpServer(httpServer, welcome));
  }

  async #close(): Promise<void> {
    const doors = this.#doors;
    this.#doors = [];
    const closed = Promise.all(doors.map((door) => door.close()));
    await this.#aedes?.close();
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  #welcome(socket: Duplex, address: string, aedes: AedesAdapter): void {
    const { clock, counters, log } = this.#options;
    if (this.#connections.size >= limits.mqttConnections) {
      counters.count('mqtt.refused', 'too-many-connections');
      return void socket.destroy();
    }
    this.#connections.add(socket);
    socket.once('close', () => this.#connections.delete(socket));
    const guard = new PacketGuard({
      socket,
      clock,
      limits: this.#guardLimits,
      onViolation: (violation) => {
        counters.count('mqtt.closed', violation);
        log.warn('Closed an MQTT connection.', { address, clientId: client.id, violation });
      },
      onUnread: (bytes) => counters.count('mqtt.unread-bytes', 'before-connack', bytes),
      onPublish: (packet) => lane.offer(packet),
      onPackets: () => aedes.heard(client),
    });
    const client = aedes.handle(guard.stream, address, () => guard.admit());
    const lane = new PublishLane({
      mayPublish: (packet) => this.#sessions.mayPublish(client, packet),
      take: (packet, acknowledgement) => this.#sessions.take(client, packet, acknowledgement),
      forward: (packet, done) => aedes.forward(client, packet, done),
      write: (bytes) => guard.write(bytes),
      pause: () => guard.pause(),
      resume: () => guard.resume(),
      fail: (error) => guard.stream.destroy(error),
      counters,
      load: this.#load,
    });
    guard.stream.once('close', () => lane.close());
    // After the broker itself has heard of it, and has published the will.
    guard.stream.once('close', () => setImmediate(() => this.#sessions.forget(client)));
  }
}

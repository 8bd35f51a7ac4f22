/**
 * The MQTT broker inside the hub: MQTT 3.1 and 3.1.1 over TCP, on aedes behind a packet guard.
 * Login: any user name, the token as password. A PUBACK (QoS 1) or PUBREC (QoS 2) leaves only when what the message
 * brought is durable. Spec: ARCHITECTURE §5, §6, §8; RELIABILITY §2.5.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { limits } from '#contract/limits.ts';
import type { EdgeStatus } from '#contract/status.ts';
import type { Edge } from '#ports';
import { createAedes, type AedesAdapter } from './aedes-adapter.ts';
import { BrokerSessions, type BrokerSessionsOptions } from './broker-sessions.ts';
import { SparkplugHost } from './sparkplug-host.ts';
import { PacketGuard, type GuardLimits } from './packet-guard.ts';

export interface EmbeddedBrokerOptions extends BrokerSessionsOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
}

const tcpKeepAliveMs = 60_000;
const guardLimits: GuardLimits = {
  beforeConnackBytes: limits.mqttPacketBytesBeforeConnack,
  packetBytes: limits.mqttPacketBytes,
  unreadBytes: limits.mqttUnreadBytes,
  connectDeadlineMs: limits.mqttConnectDeadlineMs,
};

export class EmbeddedBroker implements Edge {
  readonly #options: EmbeddedBrokerOptions;
  readonly #sessions: BrokerSessions;
  readonly #sockets = new Set<Socket>();
  #aedes: AedesAdapter | undefined;
  #server: Server | undefined;
  #state: EdgeStatus['state'] = 'stopped';

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    this.#sessions = new BrokerSessions(options);
  }

  /** @throws {Error} the port is taken, or a topic kind has no declared permission */
  async start(): Promise<void> {
    this.#sessions.verify();
    this.#state = 'starting';
    const aedes = await createAedes(this.#sessions, this.#sessions);
    const { topic, payload } = new SparkplugHost('signalbox', this.#options.clock.nowUs() / 1000).birth;
    await aedes.retain(topic, payload);
    const server = createServer({ noDelay: true }, (socket) => this.#welcome(socket, aedes));
    server.maxConnections = limits.mqttConnections;
    server.on('drop', () => this.#options.counters.count('mqtt.refused', 'too-many-connections'));
    const { host, port } = this.#options;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
    } catch (error) {
      this.#state = 'down';
      await aedes.close();
      throw error;
    }
    this.#server = server;
    this.#aedes = aedes;
    this.#state = 'up';
    this.#options.log.info('The MQTT broker is listening.', { address: this.#address() });
  }

  /** Closes every connection; what was not acknowledged will be sent again. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    this.#state = 'stopped';
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await this.#aedes?.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  status(): EdgeStatus {
    return {
      name: 'mqtt',
      state: this.#state,
      address: this.#address(),
      connections: this.#sessions.size,
      detail: 'MQTT 3.1 and 3.1.1 over TCP',
    };
  }

  #welcome(socket: Socket, aedes: AedesAdapter): void {
    const { clock, counters, log } = this.#options;
    const address = socket.remoteAddress ?? '';
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.setKeepAlive(true, tcpKeepAliveMs);
    const guard = new PacketGuard({
      socket,
      clock,
      limits: guardLimits,
      onViolation: (violation) => {
        counters.count('mqtt.closed', violation);
        log.warn('Closed an MQTT connection.', { address, clientId: client.id, violation });
      },
    });
    const client = aedes.handle(guard.stream, address, () => guard.admit());
    // After the broker itself has heard of it, and has published the will.
    guard.stream.once('close', () => setImmediate(() => this.#sessions.forget(client)));
  }

  #address(): string | undefined {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    if (address === null || address === undefined) return undefined;
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `${host}:${address.port}`;
  }
}

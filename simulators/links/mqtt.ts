/**
 * The way over MQTT 3.1.1, with the QoS of the family: at 1 PUBACK is the acknowledgement, at 0 a device knows only that
 * it wrote. The will says `offline`.
 */
import { connect } from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import type { Dialect, MqttPublish } from '../dialects/dialect.ts';
import type { DeviceIdentity, DeviceMessage } from '../messages.ts';
import { closeTimeoutMs, connectTimeoutMs } from './connector.ts';
import type { Connection, ConnectionListener, Connector } from './connector.ts';

export interface MqttTarget {
  /** `mqtt://host:port`, or `mqtts://`. */
  readonly url: string;
  /** Goes as the password; the username is the URL's, else the device's name: the hub takes any. */
  readonly token: string | undefined;
  readonly dialect: Dialect;
}

export function mqttConnector(target: MqttTarget, device: DeviceIdentity): Connector {
  const own = { ...target, dialect: target.dialect.forDevice?.() ?? target.dialect };
  return { connect: (listener) => open(own, device, listener) };
}

async function open(
  target: MqttTarget,
  device: DeviceIdentity,
  listener: ConnectionListener,
): Promise<Connection> {
  target.dialect.connecting?.();
  const client = connect(target.url, optionsFor(target, device));
  const connection = new MqttConnection(client, target.dialect, device);
  client.on('message', (topic, payload) => connection.receive(topic, payload, listener));
  try {
    await Promise.race([introduce(client, target.dialect, device), broken(client)]);
    client.once('close', () => listener.onLost('the MQTT connection closed'));
    return connection;
  } catch (error) {
    client.end(true);
    throw error;
  }
}

class MqttConnection implements Connection {
  readonly #client: MqttClient;
  readonly #dialect: Dialect;
  readonly #device: DeviceIdentity;

  constructor(client: MqttClient, dialect: Dialect, device: DeviceIdentity) {
    this.#client = client;
    this.#dialect = dialect;
    this.#device = device;
  }

  receive(topic: string, bytes: Uint8Array, listener: ConnectionListener): void {
    const replies = this.#dialect.reply?.(topic, bytes, this.#device) ?? [];
    for (const reply of replies) this.#put(reply).catch(() => {});
    const text = Buffer.from(bytes).toString();
    const command = this.#dialect.decode(topic, text, this.#device, bytes);
    if (command === undefined) return;
    const answer = listener.onCommand(command);
    if (command.id === undefined) return;
    const results = this.#dialect.encode({ type: 'result', commandId: command.id, answer }, this.#device);
    // A result that is lost with its connection is asked for again: the hub repeats or expires the command.
    for (const result of results) this.#put(result).catch(() => {});
  }

  async send(message: DeviceMessage) {
    const publishes = this.#dialect.encode(message, this.#device);
    if (publishes.length === 0) return { kind: 'unspoken' } as const;
    await Promise.all(publishes.map((publish) => this.#put(publish)));
    return { kind: 'acknowledged' } as const;
  }

  async close(): Promise<void> {
    this.#client.removeAllListeners('close');
    const farewell = this.#put(this.#dialect.farewell(this.#device)).catch(() => {});
    await Promise.race([farewell, new Promise((resolve) => setTimeout(resolve, closeTimeoutMs).unref())]);
    await this.#client.endAsync(!this.#client.connected).catch(() => {});
  }

  abort(): void {
    this.#client.end(true);
  }

  #put(publish: MqttPublish): Promise<void> {
    return put(this.#client, publish, this.#dialect);
  }
}

function optionsFor({ url, token, dialect }: MqttTarget, device: DeviceIdentity): IClientOptions {
  const { topic, payload } = dialect.farewell(device);
  return {
    clientId: `sim-${device.group}-${device.device}`,
    protocolVersion: 4,
    clean: true,
    keepalive: 30,
    connectTimeout: connectTimeoutMs,
    // Connecting again, its jitter and what is sent again are the device link's.
    reconnectPeriod: 0,
    queueQoSZero: false,
    will: { topic, payload: Buffer.from(payload), qos: 1, retain: true },
    ...(token === undefined ? {} : { username: new URL(url).username || device.device, password: token }),
  };
}

/** Rejects as soon as the connection breaks; its listeners stay, since an error without one would end the process. */
function broken(client: MqttClient): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.on('error', reject);
    client.once('close', () => reject(new Error('the broker closed the connection')));
    setTimeout(() => reject(new Error('the broker did not answer in time')), connectTimeoutMs).unref();
  });
}

async function introduce(client: MqttClient, dialect: Dialect, device: DeviceIdentity): Promise<void> {
  if (!client.connected) await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  await client.subscribeAsync([...dialect.commandFilters(device)], { qos: 1 });
  for (const publish of dialect.hello(device)) await put(client, publish, dialect);
}

/** Resolves with the PUBACK, or at QoS 0 when it was written. */
async function put(client: MqttClient, publish: MqttPublish, dialect: Dialect): Promise<void> {
  const { topic, payload, retain = false, qos = dialect.qos } = publish;
  await client.publishAsync(topic, Buffer.from(payload), { qos, retain });
}

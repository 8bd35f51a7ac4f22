/** A hub of stand-ins behind a real embedded broker, and clients to talk to it. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { systemClock } from '../../../hub/clock.ts';
import { EmbeddedBroker, type EmbeddedBrokerOptions } from '../../../bridges/mqtt/embedded-broker.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { RecordingCommands, RecordingDevices, RecordingIngest, TableAccess } from './fakes.ts';
import { toBytes } from './packets.ts';

/** `onMessage` hears what comes right behind CONNACK too. */
export type TestClientOptions = IClientOptions & { readonly onMessage?: () => void };

export interface TestHub {
  readonly broker: EmbeddedBroker;
  readonly ingest: RecordingIngest;
  readonly devices: RecordingDevices;
  readonly commands: RecordingCommands;
  readonly access: TableAccess;
  readonly counters: CountersProbe;
  readonly port: number;
  connect(token: string, options?: TestClientOptions): Promise<MqttClient>;
  /** A bare TCP connection, for bytes that no client library would send. */
  raw(): Promise<RawClient>;
  close(): Promise<void>;
}

export interface RawClient {
  readonly socket: Socket;
  send(...parts: (string | Uint8Array)[]): void;
  /** All bytes until the broker closes. */
  readonly closed: Promise<string>;
  /** Hex, as soon as this many bytes have come. */
  received(bytes: number): Promise<string>;
}

export async function startHub(options: Partial<EmbeddedBrokerOptions> = {}): Promise<TestHub> {
  const ingest = new RecordingIngest();
  const devices = new RecordingDevices();
  const commands = new RecordingCommands();
  const access = new TableAccess();
  const counters = new CountersProbe();
  access.add('plug', { role: 'device', groups: ['house'], device: 'plug' });
  access.add('gateway', { role: 'gateway', groups: '*', topicFilters: ['#'] });
  access.add('admin', { role: 'admin', groups: '*' });
  access.add('viewer', { role: 'viewer', groups: ['house'] });
  const common = { ingest, devices, commands, access, counters, clock: systemClock, log: silentLog };
  const broker = new EmbeddedBroker({ host: '127.0.0.1', port: 0, ...common, ...options });
  await broker.start();
  const port = Number(broker.status().address?.split(':').at(-1));
  const clients: MqttClient[] = [];
  return {
    broker,
    ingest,
    devices,
    commands,
    access,
    counters,
    port,
    async connect(token, { onMessage, ...more } = {}) {
      const client = connect(`mqtt://127.0.0.1:${port}`, {
        username: 'any',
        password: token,
        protocolVersion: 4,
        reconnectPeriod: 0,
        ...more,
      });
      clients.push(client);
      if (onMessage !== undefined) client.on('message', onMessage);
      await new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.on('error', reject);
      });
      return client;
    },
    raw: () => openRaw(port),
    async close() {
      for (const client of clients) client.end(true);
      await broker.stop();
    },
  };
}

function openRaw(port: number): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ port, host: '127.0.0.1' });
    let received = Buffer.alloc(0);
    const waiting = new Set<() => void>();
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (const look of waiting) look();
    });
    socket.once('error', reject);
    const closed = new Promise<string>((done) => {
      socket.once('close', () => done(received.toString('hex')));
    });
    socket.once('connect', () => {
      // A broker that slams the door may reset the connection; `close` tells of it.
      socket.on('error', () => {});
      resolve({
        socket,
        closed,
        send(...parts) {
          for (const part of parts) socket.write(toBytes(part));
        },
        received: (bytes) =>
          new Promise((done) => {
            const look = (): void => {
              if (received.length < bytes) return;
              waiting.delete(look);
              done(received.toString('hex'));
            };
            waiting.add(look);
            look();
          }),
      });
    });
  });
}

/** Resolves when the client has lost its connection. */
export function closing(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()));
}

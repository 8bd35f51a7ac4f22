/** A hub of stand-ins behind a real embedded broker, and clients to talk to it. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { grants, type Principal } from '#contract/access.ts';
import type { CommandAnswer } from '#contract/command.ts';
import type { DeviceDescription } from '#contract/device.ts';
import { matchesTopic } from '#contract/topic-filters.ts';
import type {
  Access,
  Commands,
  Delivery,
  Devices,
  InboxItem,
  Ingest,
  Link,
  QuarantineItem,
  Receipt,
} from '#ports';
import { systemClock } from '../../../hub/clock.ts';
import { EmbeddedBroker, type EmbeddedBrokerOptions } from '../../../bridges/mqtt/embedded-broker.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';

/** Keeps what it was given. `hold` makes it wait as a slow disk would. */
export class RecordingIngest implements Ingest {
  readonly deliveries: Delivery[] = [];
  readonly quarantined: QuarantineItem[] = [];
  readonly inbox: InboxItem[] = [];
  /** Thrown by the next `accept`. */
  failNext: Error | undefined;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  letGo(): void {
    this.#open();
  }

  async accept(delivery: Delivery): Promise<Receipt> {
    this.deliveries.push(delivery);
    const error = this.failNext;
    this.failNext = undefined;
    await this.#gate;
    if (error !== undefined) throw error;
    const accepted = delivery.readings.length + (delivery.events?.length ?? 0);
    return { epoch: 'e', offset: this.deliveries.length, accepted, rejected: [] };
  }

  async quarantine(item: QuarantineItem): Promise<void> {
    this.quarantined.push(item);
  }

  async toInbox(item: InboxItem): Promise<void> {
    this.inbox.push(item);
  }
}

export class RecordingDevices implements Pick<Devices, 'connected' | 'status' | 'reported' | 'describe'> {
  /** `group/device` of every open connection. */
  readonly open: string[] = [];
  readonly statuses: string[] = [];
  readonly states: { readonly name: string; readonly state: object }[] = [];
  readonly descriptions = new Map<string, DeviceDescription>();

  connected(group: string, device: string): () => void {
    const name = `${group}/${device}`;
    this.open.push(name);
    return () => void this.open.splice(this.open.indexOf(name), 1);
  }

  status(group: string, device: string, presence: 'online' | 'offline'): void {
    this.statuses.push(`${group}/${device} ${presence}`);
  }

  async reported(group: string, device: string, state: object): Promise<void> {
    this.states.push({ name: `${group}/${device}`, state });
  }

  async describe(group: string, device: string, description: DeviceDescription): Promise<void> {
    this.descriptions.set(`${group}/${device}`, description);
  }
}

export class RecordingCommands implements Pick<Commands, 'attach' | 'answer'> {
  readonly links = new Map<string, Link>();
  readonly answers: { readonly name: string; readonly id: string; readonly answer: CommandAnswer }[] = [];
  isOpen = true;

  attach(group: string, device: string, link: Link): () => void {
    const name = `${group}/${device}`;
    this.links.set(name, link);
    return () => void this.links.delete(name);
  }

  async answer(group: string, device: string, id: string, answer: CommandAnswer): Promise<boolean> {
    this.answers.push({ name: `${group}/${device}`, id, answer });
    return this.isOpen;
  }
}

/** Rights by the contract's own table; tokens are their principals' names. */
export class TableAccess implements Pick<Access, 'may' | 'authenticate' | 'onEnded'> {
  readonly principals = new Map<string, Principal>();
  #onEnded: (principal: { readonly tokenId: string }) => void = () => {};

  add(name: string, rest: Pick<Principal, 'role' | 'groups'> & Partial<Principal>): Principal {
    const principal: Principal = { id: `p-${name}`, tokenId: `t-${name}`, name, ...rest };
    this.principals.set(name, principal);
    return principal;
  }

  end(name: string): void {
    const principal = this.principals.get(name);
    this.principals.delete(name);
    if (principal !== undefined) this.#onEnded({ tokenId: principal.tokenId });
  }

  authenticate(token: string): Principal | undefined {
    return this.principals.get(token);
  }

  onEnded(listener: (principal: { readonly tokenId: string }) => void): void {
    this.#onEnded = listener;
  }

  may: Access['may'] = (principal, action, { group, device, topic }) => {
    if (!grants[principal.role].includes(action)) return false;
    if (topic !== undefined)
      return (
        principal.role === 'admin' ||
        (principal.topicFilters ?? []).some((filter) => matchesTopic(filter, topic))
      );
    if (principal.groups !== '*' && (group === undefined || !principal.groups.includes(group))) return false;
    return principal.device === undefined || principal.device === device;
  };
}

export interface TestHub {
  readonly broker: EmbeddedBroker;
  readonly ingest: RecordingIngest;
  readonly devices: RecordingDevices;
  readonly commands: RecordingCommands;
  readonly access: TableAccess;
  readonly counters: CountersProbe;
  readonly port: number;
  connect(token: string, options?: IClientOptions): Promise<MqttClient>;
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
    async connect(token, more = {}) {
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
        username: 'any',
        password: token,
        protocolVersion: 4,
        reconnectPeriod: 0,
        ...more,
      });
      client.on('error', () => {});
      clients.push(client);
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

/** Waits for something that another part of the process will do; the test's own timeout is the deadline. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Resolves when the client has lost its connection. */
export function closing(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()));
}

/** One MQTT packet: type and flags, then a body of hex strings and bytes. */
export function packet(header: number, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map(toBytes));
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([header, ...length]), body]);
}

function toBytes(part: string | Uint8Array): Uint8Array {
  return typeof part === 'string' ? new Uint8Array(Buffer.from(part, 'hex')) : part;
}

/** A length-prefixed text. */
export function field(text: string | Uint8Array): Buffer {
  const bytes: Uint8Array = typeof text === 'string' ? Buffer.from(text) : text;
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** CONNECT, MQTT 3.1.1, clean session, any user name. */
export function connectPacket(clientId: string | Uint8Array, token: string): Buffer {
  return packet(0x10, field('MQTT'), '04c2003c', field(clientId), field('any'), field(token));
}

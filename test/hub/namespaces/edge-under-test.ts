/** The edge on a real server on loopback, over the real core with stores in memory, and official clients. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type ManagerOptions, type Socket as ClientSocket, type SocketOptions } from 'socket.io-client';
import { CommandService } from '../../../hub/commands/command-service.ts';
import { DeviceRegistry } from '../../../hub/devices/registry.ts';
import { LivePlane } from '../../../hub/live/live-plane.ts';
import { FairTurns } from '../../../hub/namespaces/fair-turns.ts';
import { attachNamespaces } from '../../../hub/namespaces/namespaces.ts';
import { Server } from '#socketio';
import type { InboxRow, InboxStore } from '#ports';
import { TraceBook } from '../../../hub/ingest/trace-book.ts';
import { CountersProbe, silentLog, TimingsProbe } from '../../support/fakes.ts';
import { nextTurn } from '../../support/commits.ts';
import { MappingsFake, QuarantineDeskFake } from '../../support/keeper-fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeAudit, FakeCommandStore } from '../commands/fake-command-store.ts';
import { FakeDeviceStore } from '../devices/fake-device-store.ts';
import { FakeJournal } from '../live/fake-journal.ts';
import { FakeAccess } from './fake-access.ts';
import { FakeHistory, FakeIngest } from './fake-core.ts';

export type Answer = Readonly<Record<string, unknown>> & {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly message: string; readonly retryAfterMs?: number };
};

const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));

interface Made {
  readonly url: string;
  readonly io: Server;
  readonly clock: ManualClock;
  readonly counters: CountersProbe;
  readonly devices: DeviceRegistry;
  readonly commands: CommandService;
  readonly adminUi: boolean;
}

export class EdgeUnderTest {
  readonly access = new FakeAccess();
  readonly inbox: InboxRow[] = [];
  readonly mappings = new MappingsFake();
  readonly quarantineDesk = new QuarantineDeskFake();
  readonly traces = new TraceBook();
  readonly history = new FakeHistory();
  readonly journal = new FakeJournal();
  readonly io: Server;
  readonly clock: ManualClock;
  readonly counters: CountersProbe;
  readonly devices: DeviceRegistry;
  readonly commands: CommandService;
  readonly live: LivePlane;
  readonly ingest: FakeIngest;
  readonly #clients: ClientSocket[] = [];
  readonly #url: string;

  static async start({ adminUi = false } = {}): Promise<EdgeUnderTest> {
    const httpServer = createServer();
    await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
    const clock = new ManualClock(1_780_000_000_000);
    const counters = new CountersProbe();
    const base = { clock, log: silentLog, counters };
    const devices = await DeviceRegistry.open({ store: new FakeDeviceStore(), ...base });
    const store = new FakeCommandStore();
    const commands = await CommandService.open({
      store,
      audit: new FakeAudit(),
      random,
      timings: new TimingsProbe(),
      ...base,
    });
    return new EdgeUnderTest({
      url,
      io: new Server(httpServer),
      clock,
      counters,
      devices,
      commands,
      adminUi,
    });
  }

  private constructor({ url, io: server, clock, counters, devices, commands, adminUi }: Made) {
    this.#url = url;
    this.io = server;
    this.clock = clock;
    this.counters = counters;
    this.devices = devices;
    this.commands = commands;
    const base = { clock, log: silentLog, counters };
    this.live = new LivePlane({ journal: this.journal, nextTurn, ...base });
    this.ingest = new FakeIngest(this.journal, (committed) => {
      devices.seen(committed);
      this.live.publish(committed);
    });
    const { access, history, live, ingest } = this;
    attachNamespaces({
      io: server,
      ingest,
      live,
      history,
      devices,
      commands,
      access,
      adminUi,
      turns: new FairTurns(clock),
      ...this.keepers,
      ...base,
    });
  }

  get keepers() {
    const { mappings, quarantineDesk, traces } = this;
    const list: InboxStore['list'] = async ({ limit, after }) => {
      const at = this.inbox.findIndex(({ topic }) => topic === after?.topic) + 1;
      return this.inbox.slice(at, at + limit);
    };
    return { inbox: { list }, mappings, quarantineDesk, traces };
  }

  /** A reading as if another edge had brought it. */
  async commit(device: string, metric: string, value: number | string, group = 'home'): Promise<void> {
    const source = { edge: 'mqtt', principal: 'p' } as const;
    await this.ingest.accept({ source, readings: [{ group, device, metric, value }] });
  }

  /** On its way: for who must hear the first events too. */
  dial(namespace: string, auth: object, options: Partial<ManagerOptions & SocketOptions> = {}): ClientSocket {
    const client = io(`${this.#url}${namespace}`, {
      auth: { ...auth },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** Connected, or the refusal thrown. */
  async connect(...how: Parameters<EdgeUnderTest['dial']>): Promise<ClientSocket> {
    const client = this.dial(...how);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('connect_error', reject);
    });
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    this.live.close();
    await this.commands.close();
    await this.devices.close();
    await this.io.close();
  }
}

/** The acknowledgement of an event. */
export function ask(client: ClientSocket, event: string, ...args: readonly unknown[]): Promise<Answer> {
  return client.timeout(5000).emitWithAck(event, ...args) as Promise<Answer>;
}

/** The next time the client hears this event. */
export function next<Payload = Answer>(client: ClientSocket, event: string): Promise<Payload> {
  return new Promise((resolve) => client.once(event, resolve));
}

/** All payloads of an event from now on. */
export function collect<Payload = Answer>(client: ClientSocket, event: string): Payload[] {
  const heard: Payload[] = [];
  client.on(event, (payload: Payload) => heard.push(payload));
  return heard;
}

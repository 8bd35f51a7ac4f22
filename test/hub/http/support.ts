/** An HTTP edge over small stand-ins of the ports, and real access control over a store in memory. */
import { randomBytes } from 'node:crypto';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Principal } from '#contract/access.ts';
import type { CommandRecord, CommandRequest } from '#contract/command.ts';
import type { DeviceInfo, DeviceName, GroupInfo } from '#contract/device.ts';
import type { CommittedEvent, Json } from '#contract/event.ts';
import { RequestError } from '#contract/errors.ts';
import type { CommittedReading } from '#contract/reading.ts';
import type { HubStatus } from '#contract/status.ts';
import type { RetentionPolicy } from '#contract/retention.ts';
import type { HistoryAnswer, HistoryQuery, LastAnswer, LastQuery } from '#contract/view.ts';
import type {
  Commands,
  Delivery,
  DeviceManagement,
  DeviceQuery,
  Devices,
  EventQuery,
  History,
  Ingest,
  InboxRow,
  NewToken,
  QuarantineItem,
  QuarantineRow,
  Receipt,
  Settlement,
  Retention,
  Backups,
} from '#ports';
import { AccessControl } from '../../../hub/access/access.ts';
import {
  allRoutes,
  createHttpEdge,
  type HttpEdge,
  type HttpParts,
  type Routes,
} from '../../../hub/http/server.ts';
import { TraceBook } from '../../../hub/ingest/trace-book.ts';
import type { OpenApiDocument } from '../../../hub/http/docs-page.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { MappingsFake, QuarantineDeskFake } from '../../support/keeper-fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryAudit, MemoryTokenStore } from '../access/support.ts';

/** Takes everything unless told otherwise, and remembers it. */
export class IngestProbe implements Ingest {
  readonly deliveries: Delivery[] = [];
  readonly quarantined: QuarantineItem[] = [];
  answer: (delivery: Delivery, offset: number) => Receipt | Promise<Receipt> = (
    { readings, events },
    offset,
  ) => {
    return { epoch: 'e1', offset, accepted: readings.length + (events?.length ?? 0), rejected: [] };
  };

  async accept(delivery: Delivery): Promise<Receipt> {
    this.deliveries.push(delivery);
    return await this.answer(delivery, this.deliveries.length);
  }

  offer(delivery: Delivery, settlement: Settlement): void {
    this.accept(delivery).then(
      (receipt) => settlement.accepted(receipt),
      (error: unknown) => settlement.refused(error),
    );
  }

  shed(): undefined {}

  async quarantine(item: QuarantineItem): Promise<void> {
    this.quarantined.push(item);
  }

  async toInbox(): Promise<void> {}
}

function device(group: string, id: string): DeviceInfo {
  return {
    group,
    device: id,
    title: id,
    labels: {},
    metrics: [{ metric: 'flow', unit: 'l/min' }],
    controls: [{ name: 'power', kind: 'switch' }],
    presence: 'online',
    presenceSince: 1_780_000_000_000,
    reported: {},
  };
}

function placeOf({ group, device: id }: DeviceName): string {
  return `${group}/${id}`;
}

export class DevicesFake implements Devices {
  readonly all: DeviceInfo[] = [device('plant', 'pump'), device('plant', 'valve'), device('office', 'pump')];
  readonly states: [group: string, device: string, state: Readonly<Record<string, Json>>][] = [];

  seen(): void {}
  connected(): () => void {
    return () => {};
  }
  attach(): () => void {
    return () => {};
  }
  status(): void {}
  async reported(group: string, id: string, state: Readonly<Record<string, Json>>): Promise<void> {
    this.states.push([group, id, state]);
  }
  async describe(): Promise<void> {}
  groups(): readonly GroupInfo[] {
    const ids = [...new Set(this.all.map(({ group }) => group))];
    return ids.map((group) => {
      const devices = this.list(group).length;
      return { group, title: group, devices, online: devices, stale: 0 };
    });
  }
  group(group: string): GroupInfo | undefined {
    return this.groups().find((known) => known.group === group);
  }
  find({ groups, after, limit }: DeviceQuery): readonly DeviceInfo[] {
    return this.all
      .filter((each) => groups === '*' || groups.includes(each.group))
      .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
      .filter((each) => after === undefined || placeOf(each) > placeOf(after))
      .slice(0, limit);
  }
  list(group: string): readonly DeviceInfo[] {
    return this.all.filter((each) => each.group === group);
  }
  get(group: string, id: string): DeviceInfo | undefined {
    return this.all.find((each) => each.group === group && each.device === id);
  }
  search(): readonly DeviceInfo[] {
    return [];
  }
  onChange(): void {}
  async close(): Promise<void> {}
}

export class HistoryFake implements History {
  readonly queries: [group: string, query: HistoryQuery | EventQuery][] = [];
  readonly lastQueries: [group: string, query: LastQuery][] = [];
  answer: HistoryAnswer = { series: [], truncated: false };
  last: LastAnswer = { series: [] };
  found: CommittedEvent[] = [];
  pageCount = 1;
  refuses: Error | undefined;

  async query(group: string, query: HistoryQuery): Promise<HistoryAnswer> {
    if (this.refuses !== undefined) throw this.refuses;
    this.queries.push([group, query]);
    return this.answer;
  }
  async *pages(group: string, query: HistoryQuery): AsyncGenerator<HistoryAnswer> {
    for (let page = 0; page < this.pageCount; page += 1) yield await this.query(group, query);
  }
  async lastAt(group: string, query: LastQuery): Promise<LastAnswer> {
    this.lastQueries.push([group, query]);
    return this.last;
  }
  async events(group: string, query: EventQuery): Promise<readonly CommittedEvent[]> {
    this.queries.push([group, query]);
    return this.found;
  }
}

async function* chunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

export class RetentionFake implements Retention {
  #policy: RetentionPolicy = { defaultDays: 400, rules: [] };
  policy(): RetentionPolicy {
    return this.#policy;
  }
  async change(rules: RetentionPolicy['rules']): Promise<RetentionPolicy> {
    return (this.#policy = { ...this.#policy, rules });
  }
  keptUs(): number {
    return Number.POSITIVE_INFINITY;
  }
}

export class CommandsFake implements Commands {
  readonly records: CommandRecord[] = [];

  async send(group: string, request: CommandRequest, principal: Principal): Promise<CommandRecord> {
    const {
      id = `made-${this.records.length}`,
      device: to,
      name,
      args = null,
      waitForDevice = false,
    } = request;
    const known = this.records.find((record) => record.group === group && record.id === id);
    if (known !== undefined) return known;
    const record: CommandRecord = {
      group,
      id,
      device: to,
      name,
      args,
      state: 'queued',
      principal: principal.id,
      requestedBy: principal.name,
      createdAt: 1,
      deadline: 2,
      waitForDevice,
      history: [{ state: 'queued', at: 1 }],
    };
    this.records.push(record);
    return record;
  }
  async settled(): Promise<CommandRecord> {
    throw new Error('HTTP does not wait for commands.');
  }
  async answer(): Promise<boolean> {
    return false;
  }
  seen(): void {}
  attach(): () => void {
    return () => {};
  }
  async cancel(group: string, id: string): Promise<CommandRecord> {
    const found = await this.get(group, id);
    if (found === undefined) throw new RequestError(404, 'no-such-command', 'There is no such command.');
    return { ...found, state: 'cancelled' };
  }
  async get(group: string, id: string): Promise<CommandRecord | undefined> {
    return this.records.find((record) => record.group === group && record.id === id);
  }
  async list(group: string, query: { device?: string | undefined; limit: number }): Promise<CommandRecord[]> {
    return this.records
      .filter((record) => record.group === group && (query.device ?? record.device) === record.device)
      .slice(0, query.limit);
  }
  onTransition(): void {}
  async close(): Promise<void> {}
}

const status: HubStatus = {
  state: 'ok',
  version: '1.2.3',
  epoch: 'e1',
  startedAt: 1,
  starts: { recent: 1, uncleanEnds: 0, looping: false },
  edges: [],
  store: { bytes: 1, head: 2, merged: 2, series: 1 },
  sockets: { connections: 0, queuedBytes: 0, slow: 0, lastCloses: [] },
  devices: { groups: 2, total: 3, online: 3 },
  counters: {},
  memoryRss: 1,
  adminUi: false,
};

interface Shared {
  readonly clock: ManualClock;
  readonly counters: CountersProbe;
  readonly audit: MemoryAudit;
  readonly access: AccessControl;
  readonly adminToken: string;
}

/** Everything a test may look at or change. */
export class HttpRig {
  readonly ingest = new IngestProbe();
  readonly devices = new DevicesFake();
  readonly history = new HistoryFake();
  readonly commands = new CommandsFake();
  /** Real ones of tests that change devices are handed to {@link HttpRig.start}. */
  readonly management = {} as DeviceManagement;
  readonly retention = new RetentionFake();
  readonly backups: Backups = { backup: async () => ({ bytes: 3, content: chunk('abc') }) };
  readonly latest: CommittedReading[] = [];
  readonly inbox: InboxRow[] = [];
  readonly quarantine: QuarantineRow[] = [];
  readonly mappings = new MappingsFake();
  readonly quarantineDesk = new QuarantineDeskFake();
  readonly traces = new TraceBook();
  readonly errors: string[] = [];
  /** Answers that the OpenAPI document does not have. */
  readonly undocumented = new Set<string>();
  readonly clock: ManualClock;
  readonly counters: CountersProbe;
  readonly audit: MemoryAudit;
  readonly access: AccessControl;
  readonly adminToken: string;
  isReady = true;
  /** What of the hub's status differs from a hub that is well. */
  status: { edges?: HubStatus['edges']; starts?: HubStatus['starts']; store?: HubStatus['store'] } = {};
  edge!: HttpEdge;

  private constructor({ clock, counters, audit, access, adminToken }: Shared) {
    this.clock = clock;
    this.counters = counters;
    this.audit = audit;
    this.access = access;
    this.adminToken = adminToken;
  }

  static async start(changes: Partial<HttpParts> = {}, routes?: readonly Routes[]): Promise<HttpRig> {
    const common = { clock: new ManualClock(), counters: new CountersProbe(), audit: new MemoryAudit() };
    const parts = { ...common, store: new MemoryTokenStore(), random: randomBytes, log: silentLog };
    const access = await AccessControl.open(parts);
    const rig = new HttpRig({ ...common, access, adminToken: (await access.bootstrap()) ?? '' });
    const watched = [rig.#watch, ...(routes ?? allRoutes)];
    rig.edge = await createHttpEdge({ ...rig.#parts(), ...changes }, watched);
    return rig;
  }

  async token(token: NewToken): Promise<string> {
    const admin = this.access.authenticate(this.adminToken) as Principal;
    return (await this.access.createToken(token, admin)).secret;
  }

  /** As admin, unless `headers` say otherwise. */
  async request(options: InjectOptions): Promise<LightMyRequestResponse> {
    const headers = { authorization: `Bearer ${this.adminToken}`, ...options.headers };
    return this.anonymous({ ...options, headers });
  }

  /** As nobody. */
  async anonymous(options: InjectOptions): Promise<LightMyRequestResponse> {
    const answer = await this.edge.inject(options);
    if (this.undocumented.size > 0)
      throw new Error(`Not in the OpenAPI document: ${[...this.undocumented].join(', ')}.`);
    return answer;
  }

  /** Whatever a test provokes must be in the document. */
  readonly #watch: Routes = (app) => {
    app.addHook('onSend', async ({ method, routeOptions }, reply) => {
      const { url, schema } = routeOptions;
      if (url === undefined || (schema?.hide !== false && schema?.summary === undefined)) return;
      const { paths = {} } = app.swagger() as OpenApiDocument;
      const operation =
        paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
      if (reply.statusCode < 500 && operation?.responses?.[reply.statusCode] === undefined)
        this.undocumented.add(`${method} ${url} ${reply.statusCode}`);
    });
  };

  #parts(): HttpParts {
    const {
      ingest,
      history,
      retention,
      backups,
      devices,
      management,
      commands,
      access,
      audit,
      clock,
      counters,
    } = this;
    return {
      host: '127.0.0.1',
      port: 0,
      ingest,
      history,
      retention,
      backups,
      devices,
      management,
      commands,
      access,
      audit,
      clock,
      counters,
      live: { latest: () => this.latest },
      inbox: {
        list: async ({ limit, after }) => {
          const at = this.inbox.findIndex(({ topic }) => topic === after?.topic) + 1;
          return this.inbox.slice(at, at + limit);
        },
        remove: async (topic) => {
          const at = this.inbox.findIndex((row) => row.topic === topic);
          if (at >= 0) this.inbox.splice(at, 1);
          return at >= 0;
        },
      },
      mappings: this.mappings,
      quarantine: {
        list: async ({ limit, before = Infinity }) =>
          this.quarantine.filter(({ id }) => id < before).slice(0, limit),
        count: async () => this.quarantine.length,
      },
      quarantineDesk: this.quarantineDesk,
      traces: this.traces,
      status: async () => ({ ...status, ...this.status }),
      ready: () => this.isReady,
      metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'signalbox_ready 1\n' },
      allowedOrigins: ['https://panel.example'],
      writeDeviceTags: ['device', 'host'],
      log: { ...silentLog, error: (message) => void this.errors.push(message) },
      version: '1.2.3',
    };
  }
}

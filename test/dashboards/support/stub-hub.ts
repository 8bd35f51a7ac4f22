/**
 * A hub for the tests of the dashboards: the contract's events and routes over npm's `socket.io` and fastify, with
 * devices whose values are functions of time. It can be stopped and started on its port like a process that was
 * killed: what its devices measured meanwhile arrives afterwards, and dashboards may resume from their place.
 */
import type { Socket as NetSocket } from 'node:net';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { Server } from 'socket.io';
import type { Namespace, Socket } from 'socket.io';
import type { TokenInfo } from '#contract/access.ts';
import type { CommandRecord, CommandRequest, CommandState } from '#contract/command.ts';
import type { ReadingTuple, Value } from '#contract/reading.ts';
import type { InboxEntry } from '#contract/mapping.ts';
import type { HubStatus } from '#contract/status.ts';
import type { TracedMessage } from '#contract/trace.ts';
import type { HistoryQuery, HistorySeries, SubscribeRequest } from '#contract/view.ts';
import { frameReadings } from '../../support/frame-readings.ts';
import { queuedCommand } from './stub-commands.ts';
import { groupsOf } from './stub-fleet.ts';
import type { StubDevice } from './stub-fleet.ts';
import { historyOf } from './stub-history.ts';
import type { ValueOf } from './stub-history.ts';
import { StubKeeping, usualInbox } from './stub-keeping.ts';
import { addRoutes, isLoggedIn } from './stub-routes.ts';

interface Fresh {
  readonly group: string;
  readonly tuple: ReadingTuple;
}

interface Entry extends Fresh {
  readonly offset: number;
}

interface View {
  readonly id: string;
  readonly devices: ReadonlySet<string> | undefined;
}

type Ack = (answer: unknown) => void;

const epoch = 'stub-epoch';
const entriesKept = 20_000;

export class StubHub {
  devices: readonly StubDevice[];
  readonly commands: CommandRecord[] = [];
  /** Resolves when a device confirms a command. */
  confirmation = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));
  /** The next command fails with this sentence. */
  failNextWith: string | undefined;
  role: 'admin' | 'operator' | 'viewer' = 'operator';
  /** What its status says otherwise than usual. */
  trouble: Partial<HubStatus> = {};
  readonly keeping = new StubKeeping();
  /** Newest first. */
  readonly tokens: TokenInfo[] = [
    { id: 't1', name: 'Kitchen tablet', role: 'viewer', groups: ['power'], createdAt: Date.now() - 9e8 },
    {
      id: 't0',
      name: 'admin',
      role: 'admin',
      groups: '*',
      createdAt: Date.now() - 9e9,
      lastUsedAt: Date.now(),
    },
  ];
  /** What was asked to be changed of which. */
  readonly tokenPatches: object[] = [];
  readonly inbox: InboxEntry[] = usualInbox();
  /** The last raw messages of every device. */
  traces: readonly TracedMessage[] = [];
  readonly sessions = new Set<string>();
  readonly usedCodes = new Set<string>();
  readonly #folder: string;
  readonly #stepMs: number;
  readonly #switched = new Map<string, Value>();
  #entries: Entry[] = [];
  #offset = 0;
  #measuredUntilMs: number;
  #http: FastifyInstance | undefined;
  #io: Server | undefined;
  readonly #connections = new Set<NetSocket>();
  #timer: NodeJS.Timeout | undefined;
  #port = 0;

  /** @param parts.folder the built dashboards */
  constructor(parts: { devices: readonly StubDevice[]; folder: string; stepMs?: number }) {
    this.#folder = parts.folder;
    this.devices = parts.devices;
    this.#stepMs = parts.stepMs ?? 500;
    this.#measuredUntilMs = Date.now();
    for (const device of this.devices) this.#commit(this.#lastOf(device));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The newest offset. */
  get head(): number {
    return this.#offset;
  }

  /** Listens on the port it had before, or on any free one. */
  async start(port = this.#port): Promise<void> {
    const http = fastify({ forceCloseConnections: true });
    await http.register(fastifyStatic, { root: this.#folder });
    addRoutes(http, this);
    http.server.on('connection', (connection: NetSocket) => {
      this.#connections.add(connection);
      connection.on('close', () => this.#connections.delete(connection));
    });
    await http.listen({ host: '127.0.0.1', port });
    this.#http = http;
    const address = http.server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    this.#io = new Server(http.server);
    this.#open(this.#io.of('/'), undefined);
    for (const group of new Set(this.devices.map(({ info }) => info.group)))
      this.#open(this.#io.of(`/${group}`), group);
    this.#measure();
    this.#timer = setInterval(() => this.#measure(), this.#stepMs);
  }

  /** Like a kill: every connection is cut, nothing is said. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const connection of this.#connections) connection.destroy();
    await this.#io?.close();
    await this.#http?.close();
  }

  /** A device is heard for the first time, and its group perhaps too. */
  add(device: StubDevice): void {
    const { group } = device.info;
    const isNewGroup = this.#devicesOf(group).length === 0;
    this.devices = [...this.devices, device];
    if (isNewGroup && this.#io !== undefined) this.#open(this.#io.of(`/${group}`), group);
    this.#io?.of('/').emit('device', device.info);
  }

  /** Commits one reading and shows it to every view. */
  publish(group: string, tuple: ReadingTuple): void {
    this.#commit([{ group, tuple }]);
  }

  #measure(): void {
    const now = Date.now();
    const fresh: Fresh[] = [];
    const firstMs = Math.ceil(this.#measuredUntilMs / this.#stepMs) * this.#stepMs;
    for (let timeMs = firstMs; timeMs <= now; timeMs += this.#stepMs) {
      for (const device of this.devices) {
        for (const { metric } of device.info.metrics) {
          const value = this.#valueOf(device, metric, timeMs);
          if (value !== undefined)
            fresh.push({ group: device.info.group, tuple: [device.info.device, metric, timeMs, value] });
        }
      }
    }
    this.#measuredUntilMs = now + 1;
    if (fresh.length > 0) this.#commit(fresh);
  }

  #commit(fresh: readonly Fresh[]): void {
    for (const { group, tuple } of fresh) this.#entries.push({ offset: (this.#offset += 1), group, tuple });
    this.#entries = this.#entries.slice(-entriesKept);
    for (const [name, namespace] of this.#io?._nsps ?? []) {
      for (const socket of namespace.sockets.values())
        this.#show(socket, name === '/' ? undefined : name.slice(1), fresh);
    }
  }

  #show(socket: Socket, group: string | undefined, fresh: readonly Fresh[]): void {
    for (const view of (socket.data as { views?: Map<string, View> }).views?.values() ?? []) {
      const readings = fresh.filter((entry) => isIn(view, group, entry)).map((entry) => shown(group, entry));
      if (readings.length > 0)
        socket.emit('readings', { view: view.id, offset: this.#offset, ...frameReadings(readings) });
    }
  }

  /** What a device that is silent now said last. */
  #lastOf(device: StubDevice): readonly Fresh[] {
    const { group, device: id, metrics, lastSeen = Date.now() } = device.info;
    return metrics.flatMap(({ metric }) => {
      const value = device.measure(metric, lastSeen);
      return value === undefined ? [] : [{ group, tuple: [id, metric, lastSeen, value] }];
    });
  }

  #valueOf(device: StubDevice, metric: string, timeMs: number): Value | undefined {
    const isSwitch = device.info.controls.some(
      (control) => control.kind === 'switch' && control.metric === metric,
    );
    if (!isSwitch) return device.measure(metric, timeMs);
    if (device.info.presence !== 'online') return undefined;
    return this.#switched.get(`${device.info.group}/${device.info.device}/${metric}`) ?? false;
  }

  #open(namespace: Namespace, group: string | undefined): void {
    namespace.use((socket, next) => {
      const error = Object.assign(new Error('Not logged in.'), { data: { code: 'unauthenticated' } });
      next(isLoggedIn(this, socket.handshake.headers.cookie) ? undefined : error);
    });
    namespace.on('connection', (socket) => {
      const views = new Map<string, View>();
      (socket.data as { views?: Map<string, View> }).views = views;
      const on = (event: string, answer: (payload: never) => object | Promise<object>): void => {
        socket.on(event, (payload: unknown, ack?: Ack) => {
          void Promise.resolve(answer(payload as never)).then((answered) =>
            ack?.('ok' in answered ? answered : { ok: true, ...answered }),
          );
        });
      };
      on('subscribe', (request: SubscribeRequest) => this.#subscribe(views, group, request));
      on('unsubscribe', ({ view }: { view: string }) => ({ removed: views.delete(view) }));
      if (group === undefined) this.#openFleet(on);
      else this.#openGroup(on, group);
    });
  }

  #openFleet(on: (event: string, answer: (payload: never) => object) => void): void {
    on('groups', () => ({ groups: groupsOf(this.devices) }));
    on('search', ({ text, limit }: { text: string; limit?: number }) => ({
      devices: this.devices
        .map(({ info }) => info)
        .filter(({ title, device }) => `${title} ${device}`.toLowerCase().includes(text.toLowerCase()))
        .slice(0, limit ?? 20),
    }));
  }

  #openGroup(
    on: (event: string, answer: (payload: never) => object | Promise<object>) => void,
    group: string,
  ): void {
    on('devices', ({ after = '', limit = Infinity }: { after?: string; limit?: number }) => {
      const all = this.#devicesOf(group).map(({ info }) => info);
      const rest = all.filter(({ device }) => device > after);
      const devices = rest.slice(0, limit);
      return { devices, ...(rest.length > limit ? { next: devices.at(-1)?.device } : {}) };
    });
    on('history', (query: HistoryQuery) => ({ series: this.#history(group, query), truncated: false }));
    on('commands', () => ({
      commands: this.commands.filter((command) => command.group === group).toReversed(),
    }));
    on('trace', () => ({ items: this.traces }));
    on('command', (request: CommandRequest) => this.#run(group, request));
  }

  #devicesOf(group: string): readonly StubDevice[] {
    return this.devices.filter(({ info }) => info.group === group);
  }

  #subscribe(views: Map<string, View>, group: string | undefined, request: SubscribeRequest): object {
    const id = `${group ?? '*'} ${JSON.stringify([request.devices, request.mode])}`;
    const view: View = { id, devices: request.devices === undefined ? undefined : new Set(request.devices) };
    views.set(id, view);
    const seen = this.#entries.filter((entry) => isIn(view, group, entry));
    const latest = new Map(
      seen.map((entry) => [`${entry.group}/${entry.tuple[0]}/${entry.tuple[1]}`, shown(group, entry)]),
    );
    const { from, history } = request;
    const missed =
      from && seen.filter(({ offset }) => offset > from.offset).map((entry) => shown(group, entry));
    const past =
      history && group !== undefined
        ? this.#history(group, {
            devices: request.devices ?? [],
            start: history.start,
            maxPoints: history.maxPoints ?? 600,
          })
        : undefined;
    return { epoch, offset: this.#offset, view: id, latest: [...latest.values()], missed, history: past };
  }

  #history(group: string, query: HistoryQuery): HistorySeries[] {
    const valueOf: ValueOf = (device, metric, timeMs) => this.#valueOf(device, metric, timeMs);
    return historyOf(this.#devicesOf(group), query, { shortestMs: this.#stepMs, valueOf });
  }

  async #run(group: string, request: CommandRequest): Promise<object> {
    const createdAt = Date.now();
    if (this.role === 'viewer')
      return { ok: false, error: { code: 'forbidden', message: 'Your role may not send commands.' } };
    const id = request.id ?? `c${this.commands.length}`;
    let command = queuedCommand(group, id, request, createdAt);
    const move = (state: CommandState, more: Partial<CommandRecord> = {}): void => {
      command = { ...command, ...more, state, history: [...command.history, { state, at: Date.now() }] };
      const index = this.commands.findIndex((known) => known.id === id);
      if (index === -1) this.commands.push(command);
      else this.commands[index] = command;
      this.#io?.of(`/${group}`).emit('command', command);
    };
    move('sent');
    await this.confirmation();
    const device = this.#devicesOf(group).find(({ info }) => info.device === request.device);
    const failure =
      this.failNextWith ?? (device?.info.presence === 'online' ? undefined : 'The device is offline.');
    this.failNextWith = undefined;
    if (failure !== undefined) move('failed', { error: { code: 'offline', message: failure } });
    else {
      this.#apply(group, request);
      move('succeeded');
    }
    return { command };
  }

  #apply(group: string, { device, name, args }: CommandRequest): void {
    const control = this.#devicesOf(group)
      .find(({ info }) => info.device === device)
      ?.info.controls.find((one) => one.name === name);
    if (control?.metric === undefined || typeof args !== 'object' || args === null || !('value' in args))
      return;
    const value = args.value === true;
    this.#switched.set(`${group}/${device}/${control.metric}`, value);
    this.publish(group, [device, control.metric, Date.now(), value]);
  }
}

function isIn(view: View, group: string | undefined, entry: Fresh): boolean {
  if (group !== undefined && entry.group !== group) return false;
  return view.devices?.has(entry.tuple[0]) ?? true;
}

function shown(
  group: string | undefined,
  { group: own, tuple }: { group: string; tuple: ReadingTuple },
): ReadingTuple {
  const [device, ...rest] = tuple;
  return group === undefined ? [`${own}/${device}`, ...rest] : tuple;
}

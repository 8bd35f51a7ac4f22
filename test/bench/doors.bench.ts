/**
 * Readings acknowledged after the fsync through each door of a whole hub: first at half of what is promised, how long the
 * acknowledgements take, how late the hub's event loop is, and how long other requests wait meanwhile (a bare GET every
 * 20 ms); then as many as it takes, with the processor time of the hub by thread. Latencies count from when a request was due;
 * how late the load itself sent it is beside them. The peers: a bare server that puts each reading into one table and
 * acknowledges after the fsync, at the same pace, and Mosquitto alone, which stores nothing. All of it is on this machine.
 * What one door's full load left to merge is merged before the next is timed. `--seconds 3`, `--rounds 3`,
 * `--only Socket.IO`. Needs `/proc`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { HubStatus } from '#contract/status.ts';
import { upkeepLimits } from '../../hub/store/upkeep.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { startMosquitto } from '../bridges/mqtt/mosquitto.ts';
import { findProgram } from '../support/servers.ts';
import { HttpWire } from './doors/http-wire.ts';
import { SocketIoWire } from './doors/socketio-wire.ts';
import { loopDelayP99Ms, watchedLoop } from './support/loop-delay.ts';
import { MqttWire } from './support/mqtt-load.ts';
import { runLoad, type LoadResult, type Wire } from './support/pipelined-load.ts';
import { cpuSecondsByThread } from './support/process-cost.ts';
import { median, short } from './support/statistics.ts';
import { table } from './support/table.ts';

interface Way {
  readonly name: string;
  /** Readings a second that it has to take: acknowledgements are timed at half of that. */
  readonly promised: number;
  /** Readings in one request. */
  readonly pack: number;
  readonly inFlight: number;
  open(client: number): Promise<Wire>;
}

const clients = 50;
const group = 'bench';
const probeMs = 20;
const mergeDeadlineMs = 60_000;
const singlesPromised = 60_000;
/** Not so old that the hub would not take it. */
const startMs = Date.now() - 300 * 86_400_000;

/** So many readings of one series, a second apart, with their own times. */
function times(pack: number, request: number): readonly number[] {
  return Array.from({ length: pack }, (_, index) => startMs + (request * pack + index) * 1000);
}

const json = (pack: number, request: number): string =>
  JSON.stringify(times(pack, request).map((ts) => ({ ts, temperature: (ts % 977) / 8 })));
const lines = (device: string, pack: number, request: number): string =>
  times(pack, request)
    .map((ts) => `room,device=${device} temperature=${(ts % 977) / 8} ${ts}`)
    .join('\n');

const topicOf = (client: number): string => `signalbox/${group}/d${client}/telemetry`;
const telemetry = (client: number): string => `/api/v1/groups/${group}/devices/d${client}/telemetry`;
const single = (index: number): string => `{"temperature":${index / 8}}`;

function waysInto(hub: HubProcess, token: string): readonly Way[] {
  const [http, mqtt] = [hub.url, hub.mqtt].map((url) => Number(new URL(url).port)) as [number, number];
  const pack = 100;
  const post = (path: string, type: string, bodyOf: (index: number) => string): Promise<Wire> =>
    HttpWire.connect(http, { path, token, type, bodyOf });
  return [
    {
      name: 'MQTT QoS 1',
      promised: singlesPromised,
      pack: 1,
      inFlight: 20,
      open: (id) => MqttWire.connect(mqtt, { id, password: token, topic: `${topicOf(id)}/temperature` }),
    },
    {
      name: 'Socket.IO',
      promised: 50_000,
      pack: 1,
      inFlight: 20,
      open: (client) =>
        SocketIoWire.connect(http, {
          group,
          token,
          payloadOf: (index) => `{"device":"d${client}","temperature":${index / 8}}`,
        }),
    },
    {
      name: 'HTTP keep-alive',
      promised: 15_000,
      pack: 1,
      inFlight: 1,
      open: (client) => post(telemetry(client), 'application/json', single),
    },
    {
      name: 'MQTT QoS 1, packs of 100',
      promised: 200_000,
      pack,
      inFlight: 2,
      open: (id) =>
        MqttWire.connect(mqtt, {
          id,
          password: token,
          topic: topicOf(id),
          payloadOf: (index) => json(pack, index),
        }),
    },
    {
      name: 'HTTP, packs of 100',
      promised: 200_000,
      pack,
      inFlight: 1,
      open: (client) => post(telemetry(client), 'application/json', (index) => json(pack, index)),
    },
    {
      name: '/api/v2/write, 100 lines',
      promised: 200_000,
      pack,
      inFlight: 1,
      open: (client) =>
        post(`/api/v2/write?bucket=${group}&precision=ms`, 'text/plain', (index) =>
          lines(`d${client}`, pack, index),
        ),
    },
  ];
}

/** What another client of the hub sees meanwhile. */
async function probing(
  hub: HubProcess,
  work: Promise<LoadResult>,
): Promise<LoadResult & { probeP99Ms: number }> {
  const waits: number[] = [];
  const over = new AbortController();
  const probe = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const begin = performance.now();
      await (await fetch(`${hub.url}/livez`)).text();
      waits.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, probeMs));
    }
  };
  const [result] = await Promise.all([work.finally(() => over.abort()), probe()]);
  const sorted = waits.toSorted((a, b) => a - b);
  return { ...result, probeP99Ms: sorted[Math.floor((sorted.length - 1) * 0.99)] ?? Number.NaN };
}

async function nothingToMerge(hub: HubProcess): Promise<void> {
  await until(async () => {
    const { store } = await hub.json<HubStatus>('/api/v1/status');
    return store.head - store.merged <= upkeepLimits.mergeRows;
  }, mergeDeadlineMs);
}

interface Plan {
  readonly seconds: number;
  readonly rounds: number;
  readonly delayFile: string;
}

/** At half of the promise, a round as long as the load at full. */
async function halfLoad(
  hub: HubProcess,
  wires: readonly Wire[],
  perSecond: number,
  { seconds, rounds, delayFile }: Plan,
): Promise<string[]> {
  const shape = { inFlight: 1000, perSecond };
  await runLoad(wires, { seconds: 1, ...shape });
  const all: (LoadResult & { readonly probeP99Ms: number; readonly delayMs: number })[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await loopDelayP99Ms(hub.pid, delayFile);
    const result = await probing(hub, runLoad(wires, { seconds, ...shape }));
    all.push({ ...result, delayMs: await loopDelayP99Ms(hub.pid, delayFile) });
  }
  const of = (pick: (result: (typeof all)[number]) => number): string => short(median(all.map(pick)));
  return [
    of(({ p50Ms }) => p50Ms),
    of(({ p99Ms }) => p99Ms),
    short(Math.max(...all.map(({ p99Ms }) => p99Ms))),
    of(({ lateP99Ms }) => lateP99Ms),
    of(({ delayMs }) => delayMs),
    of(({ probeP99Ms }) => probeP99Ms),
  ];
}

async function measure(hub: HubProcess, way: Way, plan: Plan): Promise<string[]> {
  const { name, promised, pack, inFlight } = way;
  // Ahead of the connections: one that sends nothing for so long is told so, and closed.
  await nothingToMerge(hub);
  const wires = await Promise.all(Array.from({ length: clients }, (_, client) => way.open(client)));
  const half = await halfLoad(hub, wires, promised / pack / 2, plan);
  await runLoad(wires, { seconds: 1, inFlight });
  const before = cpuSecondsByThread(hub.pid);
  const full = await runLoad(wires, { seconds: plan.seconds, inFlight });
  const after = cpuSecondsByThread(hub.pid);
  const readings = full.acknowledged * pack;
  const cpu = (thread: keyof typeof before): string =>
    short(((after[thread] - before[thread]) * 1e6) / readings);
  for (const { socket } of wires) socket.destroy();
  const costs = [cpu('main'), cpu('writer'), cpu('collector')];
  return [name, short(readings / full.seconds), short(promised), ...costs, ...half];
}

/** What of the latencies is not the hub's: the first way's load at half of its promise. */
async function bareServer(file: string, { seconds, rounds }: Plan): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'doors', 'bare-server.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const open = (id: number): Promise<Wire> => MqttWire.connect(Number(port), { id, topic: topicOf(id) });
    const wires = await Promise.all(Array.from({ length: clients }, (_, client) => open(client)));
    const shape = { inFlight: 1000, perSecond: singlesPromised / 2 };
    await runLoad(wires, { seconds: 1, ...shape });
    const all: LoadResult[] = [];
    for (let round = 0; round < rounds; round += 1) all.push(await runLoad(wires, { seconds, ...shape }));
    for (const { socket } of wires) socket.destroy();
    const p99s = all.map(({ p99Ms }) => p99Ms);
    const waits = [median(all.map(({ p50Ms }) => p50Ms)), median(p99s), Math.max(...p99s)];
    const late = median(all.map(({ lateP99Ms }) => lateP99Ms));
    return ['Bare table, QoS 1', '', short(singlesPromised), '', '', '', ...[...waits, late].map(short)];
  } finally {
    child.kill('SIGKILL');
  }
}

async function mosquittoAlone(seconds: number): Promise<string[][]> {
  const program = findProgram('mosquitto');
  if (program === undefined) return [];
  await using broker = await startMosquitto(program);
  const port = Number(new URL(broker.url).port);
  const open = (id: number): Promise<Wire> => MqttWire.connect(port, { id, topic: `${group}/d${id}` });
  const wires = await Promise.all(Array.from({ length: clients }, (_, client) => open(client)));
  const { acknowledged, seconds: took } = await runLoad(wires, { seconds, inFlight: 20 });
  for (const { socket } of wires) socket.destroy();
  return [['Mosquitto alone, QoS 1, nothing stored', short(acknowledged / took)]];
}

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
    },
  });
  using folder = mkdtempDisposableSync(join(tmpdir(), 'signalbox-bench-'));
  const delayFile = join(folder.path, 'loop-delay');
  const plan: Plan = { seconds: Number(values.seconds), rounds: Number(values.rounds), delayFile };
  await using hub = await HubProcess.start([], undefined, watchedLoop(delayFile));
  const token = await hub.createToken({ name: 'bench', role: 'gateway', groups: [group] });
  const rows: string[][] = [];
  for (const way of waysInto(hub, token))
    if (way.name.includes(values.only)) rows.push(await measure(hub, way, plan));
  rows.push(await bareServer(join(folder.path, 'bare.db'), plan));
  rows.push(...(await mosquittoAlone(plan.seconds)));
  console.log(
    `${clients} connections, ${plan.seconds} s each; CPU is the hub's, µs a reading; latencies: medians of ${plan.rounds} rounds.`,
  );
  const cost = ['CPU main', 'writer', 'collector'];
  const half = [
    'ack p50 ms at half of the promise',
    'p99 ms',
    'worst p99',
    'of it the load late p99',
    'loop delay p99 ms',
    'GET p99 ms meanwhile',
  ];
  console.log(table(['', 'readings/s', 'promised', ...cost, ...half], rows));
}

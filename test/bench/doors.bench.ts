/**
 * Readings acknowledged after the fsync through each door of a whole hub: first at half of what is promised, how long the
 * acknowledgements take, how late the hub's event loop is, and how long other requests wait meanwhile (a bare GET every
 * 20 ms); then as many as it takes, with the processor time of the hub by thread. Latencies count from when a request was due;
 * how late the load itself sent it is beside them. The peers: a bare server that puts each reading into one table and
 * acknowledges after the fsync, at the same pace, and Mosquitto alone, which stores nothing. All of it is on this machine.
 * `--seconds 3`, `--only Socket.IO`. Needs `/proc`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HubProcess } from '../support/hub-process.ts';
import { startMosquitto } from '../bridges/mqtt/mosquitto.ts';
import { findProgram } from '../support/servers.ts';
import { HttpWire } from './doors/http-wire.ts';
import { SocketIoWire } from './doors/socketio-wire.ts';
import { loopDelayP99Ms, watchedLoop } from './support/loop-delay.ts';
import { MqttWire } from './support/mqtt-load.ts';
import { runLoad, type LoadResult, type Wire } from './support/pipelined-load.ts';
import { cpuSecondsByThread } from './support/process-cost.ts';
import { short } from './support/statistics.ts';
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

async function measure(
  hub: HubProcess,
  way: Way,
  { seconds, delayFile }: { readonly seconds: number; readonly delayFile: string },
): Promise<string[]> {
  const { name, promised, pack, inFlight } = way;
  const wires = await Promise.all(Array.from({ length: clients }, (_, client) => way.open(client)));
  const perSecond = promised / pack / 2;
  await runLoad(wires, { seconds: 1, inFlight: 1000, perSecond });
  await loopDelayP99Ms(hub.pid, delayFile);
  const half = await probing(hub, runLoad(wires, { seconds, inFlight: 1000, perSecond }));
  const delayMs = await loopDelayP99Ms(hub.pid, delayFile);
  await runLoad(wires, { seconds: 1, inFlight });
  const before = cpuSecondsByThread(hub.pid);
  const full = await runLoad(wires, { seconds, inFlight });
  const after = cpuSecondsByThread(hub.pid);
  const readings = full.acknowledged * pack;
  const cpu = (thread: keyof typeof before): string =>
    short(((after[thread] - before[thread]) * 1e6) / readings);
  for (const { socket } of wires) socket.destroy();
  return [
    name,
    short(readings / full.seconds),
    short(promised),
    cpu('main'),
    cpu('writer'),
    cpu('collector'),
    short(half.p50Ms),
    short(half.p99Ms),
    short(half.lateP99Ms),
    short(delayMs),
    short(half.probeP99Ms),
  ];
}

/** What of the latencies is not the hub's: the first way's load at half of its promise. */
async function bareServer(file: string, seconds: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'doors', 'bare-server.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const open = (id: number): Promise<Wire> => MqttWire.connect(Number(port), { id, topic: topicOf(id) });
    const wires = await Promise.all(Array.from({ length: clients }, (_, client) => open(client)));
    const shape = { inFlight: 1000, perSecond: singlesPromised / 2 };
    await runLoad(wires, { seconds: 1, ...shape });
    const { p50Ms, p99Ms, lateP99Ms } = await runLoad(wires, { seconds, ...shape });
    for (const { socket } of wires) socket.destroy();
    const name = 'Bare table, QoS 1';
    return [name, '', short(singlesPromised), '', '', '', short(p50Ms), short(p99Ms), short(lateP99Ms)];
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
      only: { type: 'string', default: '' },
    },
  });
  using folder = mkdtempDisposableSync(join(tmpdir(), 'signalbox-bench-'));
  const delayFile = join(folder.path, 'loop-delay');
  await using hub = await HubProcess.start([], undefined, watchedLoop(delayFile));
  const token = await hub.createToken({ name: 'bench', role: 'gateway', groups: [group] });
  const rows: string[][] = [];
  for (const way of waysInto(hub, token))
    if (way.name.includes(values.only))
      rows.push(await measure(hub, way, { seconds: Number(values.seconds), delayFile }));
  rows.push(await bareServer(join(folder.path, 'bare.db'), Number(values.seconds)));
  rows.push(...(await mosquittoAlone(Number(values.seconds))));
  console.log(`${clients} connections, ${values.seconds} s each; CPU is the hub's, µs a reading.`);
  const cost = ['CPU main', 'writer', 'collector'];
  const half = [
    'ack p50 ms at half of the promise',
    'p99 ms',
    'of it the load late p99',
    'loop delay p99 ms',
    'GET p99 ms meanwhile',
  ];
  console.log(table(['', 'readings/s', 'promised', ...cost, ...half], rows));
}

/**
 * A small machine: one core, a heap for 256 MB of memory, a disk whose fsync takes 20 ms longer. A hundred devices send
 * one reading a second each at QoS 1, every one at a moment of its own, and five dashboards see each:
 * `npm run soak -- small-machine [--minutes 10] [--linger 0]`. Needs `/proc`, `taskset` and a C compiler.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FaultyIo } from '../support/faults/faulty-io.ts';
import { HubProcess } from '../support/hub-process.ts';
import { Dashboard } from '../bench/live/dashboard.ts';
import { MqttWire } from '../bench/support/mqtt-load.ts';
import { runLoad, type LoadResult } from '../bench/support/pipelined-load.ts';
import { requireUnder } from './limits.ts';

const group = 'small';
const devices = 100;
const dashboards = 5;
const syncDelayMs = 20;
/** Beside its code and its buffers, what a hub in 256 MB may use. */
const heapMegabytes = 128;
const secondsOfDay = 86_400;
const sampleMs = 500;

const limits = { ackP99Ms: 100, mostMegabytes: 200, gigabytesADay: 1 } as const;

interface Tally extends Record<keyof typeof limits, number> {
  readonly ackP50Ms: number;
  readonly bytesAReading: number;
}

/** @throws {Error} a limit was passed, or a dashboard was not sent everything */
export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { minutes: { type: 'string', default: '10' }, linger: { type: 'string', default: '0' } },
  });
  const tally = await runSmallMachine(Number(values.minutes) * 60, values.linger);
  console.table(tally);
  requireUnder({ ...limits, ackP99Ms: limits.ackP99Ms + Number(values.linger) }, tally);
}

async function runSmallMachine(seconds: number, lingerMs: string): Promise<Tally> {
  using io = new FaultyIo();
  await using hub = await HubProcess.start(['--history-linger-ms', lingerMs], undefined, {
    ...io.env,
    NODE_OPTIONS: `--max-old-space-size=${heapMegabytes}`,
  });
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', String(hub.pid)], { stdio: 'pipe' });
  const watching = await watchingDashboards(hub);
  const wires = await connectDevices(hub);
  io.order({ syncDelayMs });
  const written = writtenBy(hub.pid);
  const { result, mostBytes } = await withMostMemory(
    hub,
    runLoad(wires, { seconds, inFlight: 100, perSecond: devices }),
  );
  const bytesAReading = (writtenBy(hub.pid) - written) / result.acknowledged;
  expectAllSent(watching, result);
  for (const { socket } of wires) socket.destroy();
  for (const dashboard of watching) dashboard.close();
  return {
    ackP50Ms: result.p50Ms,
    ackP99Ms: result.p99Ms,
    mostMegabytes: mostBytes / 1e6,
    bytesAReading,
    gigabytesADay: (bytesAReading * devices * secondsOfDay) / 1e9,
  };
}

async function connectDevices(hub: HubProcess): Promise<readonly MqttWire[]> {
  const password = await hub.createToken({ name: 'devices', role: 'gateway', groups: [group] });
  const port = Number(new URL(hub.mqtt).port);
  const topicOf = (device: number): string => `signalbox/${group}/d${device}/telemetry/temperature`;
  return Promise.all(
    Array.from({ length: devices }, (_, id) => MqttWire.connect(port, { id, password, topic: topicOf(id) })),
  );
}

/** Each has one view of every reading. */
async function watchingDashboards(hub: HubProcess): Promise<readonly Dashboard[]> {
  // A group exists from its first reading on.
  await hub.json(`/api/v1/groups/${group}/devices/d0/telemetry`, { method: 'POST', body: '{"first":1}' });
  const token = await hub.createToken({ name: 'dashboards', role: 'viewer', groups: [group] });
  const target = {
    port: Number(new URL(hub.url).port),
    connect: `40/${group},${JSON.stringify({ token })}`,
    ask: [`42/${group},0["subscribe",{"mode":"raw","maxHz":10,"metrics":["temperature"]}]`],
    readings: `42/${group},["readings"`,
    mark: ':',
  };
  const opened = Array.from({ length: dashboards }, () => new Dashboard(target));
  await Promise.all(opened.map(({ ready }) => ready));
  return opened;
}

/** So that the figures are not those of a hub that left out work. */
function expectAllSent(watching: readonly Dashboard[], { acknowledged }: LoadResult): void {
  for (const { counts } of watching)
    if (counts.marks < acknowledged * 0.99)
      throw new Error(`A dashboard was sent ${counts.marks} of ${acknowledged} readings.`);
}

async function withMostMemory(
  hub: HubProcess,
  work: Promise<LoadResult>,
): Promise<{ result: LoadResult; mostBytes: number }> {
  let mostBytes = hub.memoryRss();
  const sampling = setInterval(() => (mostBytes = Math.max(mostBytes, hub.memoryRss())), sampleMs);
  try {
    return { result: await work, mostBytes };
  } finally {
    clearInterval(sampling);
  }
}

/** Bytes that the process gave to the disk. */
function writtenBy(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

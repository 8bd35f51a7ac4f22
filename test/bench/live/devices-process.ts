/**
 * The devices, evenly spread over each second, and one dashboard that reads everything: in one process, so that one
 * clock says how long a reading was under way. A value is the number of its message, so a reading that is missing,
 * doubled or late is seen.
 */
import { connectAsync, type MqttClient } from 'mqtt';
import { tuplesOf, type FrameReadings } from '#contract/frame.ts';
import { answerCalls } from '../support/worker-process.ts';
import { Dashboard, type DashboardTarget } from './dashboard.ts';

export interface Fleet {
  readonly devices: number;
  readonly metrics: number;
  /** Messages of each device per second. */
  readonly hz: number;
}

/** What the reading dashboard saw since `startProbe`. */
export interface Seen {
  readonly readings: number;
  readonly missing: number;
  readonly doubled: number;
  readonly gaps: number;
  /** Publish to socket in ms, of each reading. */
  readonly latenciesMs: readonly number[];
  readonly acksMs: readonly number[];
  /** How much later than it was due each message was sent: this process's own part, as it waits for a processor too. */
  readonly latesMs: readonly number[];
}

type Tuple = readonly [device: string, metric: string, time: number, value: number];

let client: MqttClient | undefined;
let probe: Dashboard | undefined;
let timer: NodeJS.Timeout | undefined;
let published = 0;
const unacknowledged = new Set<number>();
/** By message number, when it was published. */
const sentAtMs: number[] = [];
let lastOf = new Map<string, number>();
let seen = fresh();

function fresh() {
  return {
    readings: 0,
    missing: 0,
    doubled: 0,
    gaps: 0,
    latenciesMs: [] as number[],
    acksMs: [] as number[],
    latesMs: [] as number[],
  };
}

/** Each device sends its own numbers 0, 1, 2 …; the number of the message follows from both. */
function publish(number: number, { devices, metrics }: Fleet): void {
  const device = number % devices;
  const values: Record<string, number> = {};
  for (let metric = 0; metric < metrics; metric += 1) values[`m${metric}`] = Math.floor(number / devices) / 8;
  const body = JSON.stringify({ ts: Date.now(), values });
  const startMs = performance.now();
  sentAtMs[number] = startMs;
  unacknowledged.add(number);
  client?.publish(`signalbox/bench/d${device}/telemetry`, body, { qos: 1 }, () => {
    unacknowledged.delete(number);
    seen.acksMs.push(performance.now() - startMs);
  });
}

function take([device, metric, , value]: Tuple, nowMs: number, devices: number): void {
  const count = value * 8;
  const key = `${device}/${metric}`;
  const last = lastOf.get(key);
  seen.readings += 1;
  if (last !== undefined && count <= last) seen.doubled += 1;
  else {
    if (last !== undefined) seen.missing += count - last - 1;
    lastOf.set(key, count);
  }
  seen.latenciesMs.push(nowMs - (sentAtMs[count * devices + Number(device.slice(1))] ?? Number.NaN));
}

function read(text: string, devices: number): void {
  const nowMs = performance.now();
  const at = text.indexOf('[');
  const [event, payload] = JSON.parse(text.slice(at)) as [string, unknown];
  if (event === 'gap') seen.gaps += 1;
  if (event === 'readings') {
    const tuples = Array.isArray(payload) ? payload : tuplesOf(payload as FrameReadings);
    for (const tuple of tuples as readonly Tuple[]) take(tuple, nowMs, devices);
  } else if (event === 'reading') take(payload as Tuple, nowMs, devices);
}

answerCalls({
  async connect(url: string, password: string) {
    client = await connectAsync(url, { username: 'bench', password, protocolVersion: 4, reconnectPeriod: 0 });
  },
  async openProbe(target: DashboardTarget, devices: number) {
    probe = new Dashboard(target);
    await probe.ready;
    probe.onText = (text) => read(text, devices);
  },
  start(fleet: Fleet) {
    const startMs = performance.now();
    const startAt = published;
    const perMs = (fleet.devices * fleet.hz) / 1000;
    timer = setInterval(() => {
      const nowMs = performance.now();
      const due = startAt + Math.floor((nowMs - startMs) * perMs);
      for (; published < due; published += 1) {
        seen.latesMs.push(nowMs - startMs - (published + 1 - startAt) / perMs);
        publish(published, fleet);
      }
    }, 1);
  },
  /** One message, now. */
  one(fleet: Fleet) {
    publish(published, fleet);
    published += 1;
  },
  /** Resolves when everything is acknowledged. */
  async stop() {
    clearInterval(timer);
    while (unacknowledged.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  },
  published: () => published,
  clear: () => {
    seen = fresh();
    lastOf = new Map();
  },
  seen: (): Seen => seen,
  async close() {
    probe?.close();
    probe = undefined;
    await client?.endAsync(true);
    client = undefined;
    published = 0;
  },
});

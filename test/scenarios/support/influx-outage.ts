/**
 * An outage of InfluxDB from the first reading to the last: a fleet of devices, all acknowledged, a dashboard that looks on,
 * and then the database is back. The readings' own times are those of the whole outage; they may be sent more quickly than
 * these pass, because no part of the hub waits for that.
 */
import { io } from 'socket.io-client';
import type { HubStatus } from '#contract/status.ts';
import { HubProcess, until } from '../../support/hub-process.ts';
import { startInfluxd } from '../../support/influxd.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';

export interface OutageOptions {
  /** Path of `influxd`. */
  readonly program: string;
  readonly readings: number;
  /** Between two readings, by their own times, µs. */
  readonly everyUs: number;
  /** 1: sent at the pace of their times, 4: four times as quickly. */
  readonly speed: number;
}

export interface OutageTally {
  readonly acknowledged: number;
  readonly found: number;
  /** In the database with another value, or missing: must be 0. */
  readonly wrong: number;
  readonly sentInMs: number;
  readonly caughtUpInMs: number;
  /** Behind, as the hub said at the end of the outage. */
  readonly spoolMegabytes: number;
  readonly ageSeconds: number;
  readonly startMegabytes: number;
  readonly mostMegabytes: number;
  /** Frames of the dashboard, and the longest it waited for one, while readings were sent. */
  readonly frames: number;
  readonly longestWaitMs: number;
}

const group = 'plant';
const database = 'signalbox';
const devices = 200;
const perRequest = 500;
const megabyte = 2 ** 20;

export async function runInfluxOutage(options: OutageOptions): Promise<OutageTally> {
  await using influxd = await startInfluxd(options.program);
  await using proxy = await TcpProxy.start(influxd.url);
  proxy.cut();
  const flags = ['--influx-url', proxy.url, '--influx-bucket', database];
  await using hub = await HubProcess.start(flags);
  const memory = watchMemory(hub);
  const wall = await watchLive(hub);
  const startMs = Math.floor(Date.now() / 1000 - (options.readings * options.everyUs) / 1e6) * 1000;
  const begin = performance.now();
  await sendAll(hub, options, startMs);
  const sentInMs = performance.now() - begin;
  const live = wall.close();
  const { spool } = (await hub.json<HubStatus>('/api/v1/status')).store;
  const mendedAt = performance.now();
  proxy.mend();
  const isDrained = async (): Promise<boolean> =>
    (await hub.json<HubStatus>('/api/v1/status')).store.spool?.waiting === 0;
  await until(isDrained, 600_000, () => hub.output);
  const caughtUpInMs = performance.now() - mendedAt;
  const rows = await influxd.rows(database, 'SELECT count(n), sum(n) FROM m GROUP BY device');
  const total = await influxd.rows(database, 'SELECT count(n), sum(n) FROM m');
  if (rows.length === 0) throw new Error('The database has nothing.');
  const [, found = 0, sum = 0] = total[0] ?? [];
  const expected = (options.readings * (options.readings - 1)) / 2;
  return {
    acknowledged: options.readings,
    found: Number(found),
    wrong: Math.abs(options.readings - Number(found)) + Number(Number(sum) !== expected),
    sentInMs: Math.round(sentInMs),
    caughtUpInMs: Math.round(caughtUpInMs),
    spoolMegabytes: Math.round((spool?.bytes ?? 0) / megabyte),
    ageSeconds: spool?.ageSeconds ?? 0,
    ...memory.stop(),
    ...live,
  };
}

/** Reading `n` has the value `n` and a time of its own. */
async function sendAll(hub: HubProcess, options: OutageOptions, startMs: number): Promise<void> {
  const { readings, everyUs, speed } = options;
  const begin = performance.now();
  for (let from = 0; from < readings; from += perRequest) {
    await pause(begin + (from * everyUs) / 1000 / speed - performance.now());
    const lines = Array.from({ length: Math.min(perRequest, readings - from) }, (_, index) => {
      const n = from + index;
      return `m,device=d${n % devices} n=${n} ${startMs * 1000 + n * everyUs}`;
    });
    const path = `/api/v2/write?bucket=${group}&precision=us`;
    const response = await hub.request(path, { method: 'POST', body: lines.join('\n') });
    if (response.status !== 204)
      throw new Error(`${response.status} ${await response.text()}\n${hub.output}`);
  }
}

function pause(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}

export function watchMemory(hub: HubProcess): { stop(): { startMegabytes: number; mostMegabytes: number } } {
  const start = hub.memoryRss();
  let most = start;
  const timer = setInterval(() => (most = Math.max(most, hub.memoryRss())), 200);
  return {
    stop() {
      clearInterval(timer);
      return { startMegabytes: Math.round(start / megabyte), mostMegabytes: Math.round(most / megabyte) };
    },
  };
}

/** A dashboard that sees every device, at the usual rate. */
async function watchLive(hub: HubProcess): Promise<{ close(): { frames: number; longestWaitMs: number } }> {
  // A group is there from its first reading on; this one is not among those that are counted.
  const first = { method: 'POST', body: '{"ready":true}' };
  await hub.json(`/api/v1/groups/${group}/devices/first/telemetry`, first);
  const token = await hub.createToken({ name: 'wall', role: 'viewer', groups: [group] });
  const socket = io(`${hub.url}/${group}`, { auth: { token }, forceNew: true });
  let frames = 0;
  let longest = 0;
  let lastAt = Number.NaN;
  socket.on('readings', () => {
    const now = performance.now();
    if (frames > 0) longest = Math.max(longest, now - lastAt);
    lastAt = now;
    frames += 1;
  });
  socket.on('connect', () => socket.emit('subscribe', { devices: ['*'] }, () => {}));
  await until(() => socket.connected, 10_000);
  return {
    close() {
      const longestWaitMs = Math.round(Math.max(longest, performance.now() - lastAt));
      socket.disconnect();
      return { frames, longestWaitMs };
    },
  };
}

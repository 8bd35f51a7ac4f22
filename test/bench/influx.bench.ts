/**
 * The writer to InfluxDB beside the bare transport: the same readings to the same server in one run, once out of the
 * journal through `InfluxWriter`, once as prepared bodies, one request after the other, through the client library's
 * `transport.request`. And what a reading costs to serialise. Figures are medians of rounds in which the ways take turns.
 * `--rounds 5` and `--readings 200000` change what is run.
 */
import { Agent } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InfluxDB } from '@influxdata/influxdb-client';
import { InfluxWriter } from '../../bridges/influxdb/influx-writer.ts';
import { Lines } from '../../bridges/influxdb/lines.ts';
import { systemClock } from '../../hub/clock.ts';
import type { FollowedReading, JournalFollower } from '../../hub/ports.ts';
import { openStore, type OpenStore } from '../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../support/fakes.ts';
import { until } from '../support/hub-process.ts';
import { startInfluxd, type Influxd } from '../support/influxd.ts';
import { findProgram } from '../support/servers.ts';
import { startMeasuring } from './support/measure.ts';
import { median, short, spread } from './support/statistics.ts';
import { table } from './support/table.ts';

const seriesCount = 1000;
const perDelivery = 1000;
const perBody = 5000;
const startUs = Date.parse('2026-06-01T12:00:00Z') * 1000;
const counters = new CountersProbe();
const base = { clock: systemClock, log: silentLog, counters };

async function fill({ journal }: OpenStore, count: number): Promise<void> {
  for (let from = 0; from < count; from += perDelivery) {
    const readings = Array.from({ length: perDelivery }, (_, index) => {
      const n = from + index;
      const names = {
        group: 'plant',
        device: `pump-${n % seriesCount}`,
        metric: 'pressure',
        tags: { line: 'a' },
      };
      const timeUs = startUs + Math.floor(n / seriesCount) * 1_000_000;
      return { ...names, timeUs, value: n / 8, quality: 'good', stampedBy: 'device' } as const;
    });
    await journal.append({ readings, events: [], principal: 'bench' });
  }
}

async function readAll(follower: JournalFollower): Promise<readonly FollowedReading[]> {
  const all: FollowedReading[] = [];
  for (let offset = 0, more = true; more;) {
    const page = await follower.read(offset, perBody);
    all.push(...page.readings);
    ({ offset, more } = page);
  }
  return all;
}

function bodiesOf(readings: readonly FollowedReading[], bucket: string): readonly string[] {
  const lines = new Lines({ counters, bucket });
  const bodies: string[] = [];
  for (let from = 0; from < readings.length; from += perBody)
    bodies.push(lines.encode(readings.slice(from, from + perBody)));
  return bodies;
}

/** As the hub's own connection: keep-alive, gzip, µs. */
async function throughTransport(influxd: Influxd, bucket: string, bodies: readonly string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const { transport } = new InfluxDB({ url: influxd.url, transportOptions: { agent } });
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  for (const body of bodies)
    await transport.request(`/write?db=${bucket}&precision=u`, body, {
      method: 'POST',
      headers,
      gzipThreshold: 1024,
    });
  agent.destroy();
}

async function throughWriter(influxd: Influxd, bucket: string, store: OpenStore): Promise<void> {
  const { journal, follower, quarantine } = store;
  if (follower === undefined) throw new Error('The journal is not followed.');
  const writer = new InfluxWriter({
    target: { url: influxd.url, version: 1, bucket },
    journal,
    follower,
    quarantine,
    dropOldest: false,
    random: Math.random,
    ...base,
  });
  await follower.moveTo(0);
  await writer.start();
  await until(() => follower.spool().waiting === 0, 60_000);
  await writer.stop();
}

interface Round {
  readonly readingsPerSecond: number;
  readonly cpuMicroseconds: number;
}

async function measure(readings: number, work: () => Promise<void>): Promise<Round> {
  const cost = startMeasuring();
  await work();
  const { wallSeconds, cpuSeconds } = cost();
  return { readingsPerSecond: readings / wallSeconds, cpuMicroseconds: (cpuSeconds * 1e6) / readings };
}

/** µs a reading, on lines whose series are known already. */
function serialise(readings: readonly FollowedReading[]): number {
  const lines = new Lines({ counters, bucket: 'signalbox' });
  lines.encode(readings.slice(0, seriesCount));
  const begin = performance.now();
  let bytes = 0;
  for (let from = 0; from < readings.length; from += perBody)
    bytes += Buffer.byteLength(lines.encode(readings.slice(from, from + perBody)));
  const tookMs = performance.now() - begin;
  if (bytes < readings.length) throw new Error('Nothing was written.');
  return (tookMs * 1000) / readings.length;
}

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { rounds: { type: 'string', default: '5' }, readings: { type: 'string', default: '200000' } },
  });
  const program = findProgram('influxd');
  if (program === undefined) throw new Error('influxd is not installed: run test/install-servers.');
  const [rounds, count] = [Number(values.rounds), Number(values.readings)];
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const spool = { maxBytes: 4 * 1024 ** 3, refuseWhenFull: true };
  const store = await openStore({ folder, spool, ...base });
  const influxd = await startInfluxd(program);
  try {
    await fill(store, count);
    await store.merge();
    if (store.follower === undefined) throw new Error('The journal is not followed.');
    const readings = await readAll(store.follower);
    const bodies = bodiesOf(readings, 'signalbox');
    const ways = new Map([
      [
        'bare transport.request, prepared bodies',
        (bucket: string) => throughTransport(influxd, bucket, bodies),
      ],
      ['InfluxWriter, out of the journal', (bucket: string) => throughWriter(influxd, bucket, store)],
    ]);
    const results = new Map([...ways.keys()].map((name) => [name, [] as Round[]]));
    const serialised: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, [name, way]] of [...ways].entries()) {
        const bucket = `bench_${round}_${index}`;
        await influxd.execute(`CREATE DATABASE ${bucket}`);
        results.get(name)?.push(await measure(count, () => way(bucket)));
        const [row] = await influxd.rows(bucket, 'SELECT count(pressure) FROM plant');
        if (row?.[1] !== count)
          throw new Error(`${name}: ${String(row?.[1])} of ${count} readings are there.`);
      }
      serialised.push(serialise(readings));
    }
    console.log(`${count} readings of ${seriesCount} series to InfluxDB 1.6, ${rounds} rounds:`);
    console.log(report(results));
    console.log(`To serialise a reading: ${short(median(serialised))} µs (${rounds} rounds).`);
  } finally {
    await influxd[Symbol.asyncDispose]();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

function report(results: ReadonlyMap<string, readonly Round[]>): string {
  const [peer = 1] = [...results.values()].map((rounds) => median(rates(rounds)));
  const rows = [...results].map(([name, rounds]) => [
    name,
    short(median(rates(rounds))),
    `${short(spread(rates(rounds)) * 100)} %`,
    `${short((median(rates(rounds)) / peer) * 100)} %`,
    short(median(rounds.map(({ cpuMicroseconds }) => cpuMicroseconds))),
  ]);
  return table(['', 'readings/s', 'spread', 'of the peer', 'CPU µs/reading'], rows);
}

function rates(rounds: readonly Round[]): number[] {
  return rounds.map(({ readingsPerSecond }) => readingsPerSecond);
}

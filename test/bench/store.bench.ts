/**
 * The embedded store beside InfluxDB 1.6 and VictoriaMetrics, on the same readings and the same disk in one run: what a
 * reading costs the disk at 1 Hz, how quickly batches go in, and how long questions take while 20,000 readings a second
 * come in. `--seconds 3600` is how long 1 Hz goes on (simulated), `--rounds 15` how often each question is asked,
 * `--only embedded` leaves the others out, `--folder` says where the disk is.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../../simulators/demo/free-port.ts';
import { findProgram } from '../support/servers.ts';
import {
  EmbeddedSubject,
  InfluxSubject,
  VictoriaSubject,
  type Batch,
  type Question,
  type Subject,
} from './store/subjects.ts';
import { median, percentile, short } from './support/statistics.ts';
import { table } from './support/table.ts';

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;
const hundred = Array.from({ length: 100 }, (_, id) => id);
const thousand = Array.from({ length: 1000 }, (_, id) => 1000 + id);

interface Options {
  readonly seconds: number;
  readonly rounds: number;
  /** When the simulated hub is started; the 1 Hz begin here. */
  readonly startMs: number;
}

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      seconds: { type: 'string', default: '3600' },
      rounds: { type: 'string', default: '15' },
      folder: { type: 'string', default: tmpdir() },
      only: { type: 'string' },
    },
  });
  const folder = mkdtempSync(join(values.folder, 'signalbox-bench-'));
  const startMs = Math.floor(Date.now() / hour) * hour - 2 * hour;
  const options = { seconds: Number(values.seconds), rounds: Number(values.rounds), startMs };
  const rows: string[][] = [];
  try {
    for (const open of await subjects(folder, startMs)) {
      const subject = await open();
      if (values.only === undefined || values.only === subject.name)
        rows.push(await measure(subject, options));
      await subject.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const [ours, ...peers] = rows;
  const ratios = peers.map(([name = '', ...cells]) => [
    `ours / ${name}`,
    ...cells.map((cell, index) => short(toNumber(ours?.[index + 1]) / toNumber(cell))),
  ]);
  console.log(table(['', ...columns.map(({ title }) => title)], [...rows, ...ratios]));
}

function toNumber(cell = ''): number {
  return Number(cell.split(' ')[0]?.replaceAll(',', ''));
}

async function subjects(folder: string, startMs: number): Promise<readonly (() => Promise<Subject>)[]> {
  const found: (() => Promise<Subject>)[] = [() => EmbeddedSubject.open(join(folder, 'embedded'), startMs)];
  const influxd = findProgram('influxd');
  const victoria = findProgram('victoria-metrics');
  if (influxd !== undefined)
    found.push(async () =>
      InfluxSubject.open(join(folder, 'influx'), influxd, (await freePort(18_086)).port),
    );
  if (victoria !== undefined)
    found.push(async () =>
      VictoriaSubject.open(join(folder, 'victoria'), victoria, (await freePort(18_428)).port),
    );
  return found;
}

const columns: readonly {
  readonly title: string;
  readonly of: (subject: Subject, options: Options) => Promise<string>;
}[] = [
  { title: 'written B/reading', of: writtenAtOneHz },
  {
    title: 'stored B/reading',
    of: async (subject, { seconds }) => short(subject.storedBytes() / (seconds * 100)),
  },
  { title: 'readings/s by 1,000', of: ingestRate },
  { title: '24 h, 1 series (ms)', of: (subject, options) => timed(subject, options, dayOfOne(options)) },
  { title: 'a year (ms)', of: (subject, options) => timed(subject, options, yearOfOne(options)) },
  {
    title: '100 series, 1 h (ms)',
    of: (subject, options) => timed(subject, options, hourOfHundred(options)),
  },
];

async function measure(subject: Subject, options: Options): Promise<string[]> {
  const cells = [subject.name];
  for (const { of } of columns) cells.push(await of(subject, options));
  return cells;
}

/** 100 series, one reading a second each, a commit a second. */
async function writtenAtOneHz(subject: Subject, { seconds, startMs }: Options): Promise<string> {
  const before = subject.writtenBytes();
  for (let tick = 0; tick < seconds; tick += 1) {
    subject.second();
    await subject.write([{ series: hundred, timeMs: startMs + tick * second }]);
  }
  await subject.settle();
  return short((subject.writtenBytes() - before) / (seconds * 100));
}

async function ingestRate(subject: Subject, { startMs }: Options): Promise<string> {
  const began = performance.now();
  let readings = 0;
  for (let tick = 0; performance.now() - began < 4000; tick += 1) {
    const batches = Array.from({ length: 8 }, (_, index): Batch => ({
      series: thousand,
      timeMs: startMs + (tick * 8 + index) * second,
    }));
    await Promise.all(batches.map((batch) => subject.write([batch])));
    readings += 8000;
  }
  const rate = (readings / (performance.now() - began)) * 1000;
  await subject.settle();
  return short(rate);
}

type Prepared = { readonly question: Question; readonly batches: Iterable<readonly Batch[]> };

function* backfill(
  series: number,
  startMs: number,
  every: number,
  count: number,
): Generator<readonly Batch[]> {
  for (let index = 0; index < count; index += 1000)
    yield Array.from({ length: Math.min(1000, count - index) }, (_, offset) => ({
      series: [series],
      timeMs: startMs + (index + offset) * every,
    }));
}

function dayOfOne({ startMs }: Options): Prepared {
  const question = { series: [5000], startMs: startMs - day, endMs: startMs, windowMs: 300 * second };
  return { question, batches: backfill(5000, startMs - day, second, 86_400) };
}

/** One reading every 30 s: as many hours as at 1 Hz, in a thirtieth of the time to fill. */
function yearOfOne({ startMs }: Options): Prepared {
  const question = { series: [5001], startMs: startMs - 365 * day, endMs: startMs, windowMs: day };
  return { question, batches: backfill(5001, startMs - 365 * day, 30 * second, 365 * 2880) };
}

function hourOfHundred({ startMs, seconds }: Options): Prepared {
  const endMs = startMs + seconds * second;
  return { question: { series: hundred, startMs: endMs - hour, endMs, windowMs: 10 * second }, batches: [] };
}

/** The median and, behind it, the 95th percentile, while 20,000 readings a second come in. */
async function timed(
  subject: Subject,
  { rounds, startMs, seconds }: Options,
  { question, batches }: Prepared,
): Promise<string> {
  for (const batch of batches) await subject.write(batch);
  await subject.settle();
  const over = new AbortController();
  const ingest = (async () => {
    for (let tick = 0; !over.signal.aborted; tick += 1) {
      const dueMs = performance.now() + 50;
      await subject.write([{ series: thousand, timeMs: startMs + seconds * second + tick * 50 }]);
      if (tick % 20 === 0) subject.second();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
    }
  })();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    const found = await subject.ask(question);
    times.push(performance.now() - began);
    if (found === 0) throw new Error(`${subject.name} found nothing.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  over.abort();
  await ingest;
  return `${short(median(times))} (${short(percentile(times, 0.95))})`;
}

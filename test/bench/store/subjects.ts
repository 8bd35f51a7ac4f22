/** What is measured: the embedded store, and two databases that people know, each given the same readings. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore, type OpenStore } from '../../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { until } from '../../support/hub-process.ts';
import { configuration } from '../../support/influxd.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** The value of each series at one instant; a series is its number. */
export interface Batch {
  readonly series: readonly number[];
  readonly timeMs: number;
}

export interface Question {
  readonly series: readonly number[];
  readonly startMs: number;
  readonly endMs: number;
  readonly windowMs: number;
}

export interface Subject {
  readonly name: string;
  /** Resolves when it is durable. */
  write(batches: readonly Batch[]): Promise<void>;
  /** Buckets with their min, max, mean, count and last. @returns how many */
  ask(question: Question): Promise<number>;
  /** Lets a second pass, where time is simulated. */
  second(): void;
  /** Everything is in its last place. */
  settle(): Promise<void>;
  /** Bytes given to the disk so far. */
  writtenBytes(): number;
  storedBytes(): number;
  close(): Promise<void>;
}

export const valueOf = (series: number, timeMs: number): number =>
  Math.round(
    (20 + 5 * Math.sin(timeMs / 3_600_000 + series) + (((timeMs / 1000) * (series + 7)) % 11) / 10) * 100,
  ) / 100;

function writtenBy(pid: number | 'self'): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries.reduce(
    (sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).blocks * 512,
    0,
  );
}

export class EmbeddedSubject implements Subject {
  readonly name = 'embedded';
  readonly #folder: string;
  readonly #clock: ManualClock;
  readonly #store: OpenStore;
  readonly #writtenBefore = writtenBy('self');

  static async open(folder: string, startMs: number): Promise<EmbeddedSubject> {
    const clock = new ManualClock(startMs);
    const store = await openStore({ folder, clock, log: silentLog, counters: new CountersProbe() });
    return new EmbeddedSubject(folder, clock, store);
  }

  private constructor(folder: string, clock: ManualClock, store: OpenStore) {
    this.#folder = folder;
    this.#clock = clock;
    this.#store = store;
  }

  async write(batches: readonly Batch[]): Promise<void> {
    await Promise.all(
      batches.map(({ series, timeMs }) => {
        const common = {
          group: 'bench',
          metric: 'm',
          timeUs: timeMs * 1000,
          quality: 'good',
          stampedBy: 'device',
        } as const;
        const readings = series.map((id) => ({ ...common, device: `d${id}`, value: valueOf(id, timeMs) }));
        return this.#store.journal.append({ readings, events: [], principal: 'bench' });
      }),
    );
  }

  async ask({ series, startMs: start, endMs: end, windowMs: window }: Question): Promise<number> {
    const devices = series.map((id) => `d${id}`);
    const answer = await this.#store.history.query('bench', { devices, start, end, window });
    return answer.series.reduce((sum, { buckets = [] }) => sum + buckets.length, 0);
  }

  second(): void {
    this.#clock.advance(1000);
  }

  async settle(): Promise<void> {
    await this.#store.merge();
    // What dashboards could resume from goes too: it is there for ten minutes, however much history there is.
    this.#clock.advance(660_000);
    await until(() => this.#store.journal.tail() > this.#store.journal.head(), 20_000);
  }

  writtenBytes(): number {
    return writtenBy('self') - this.#writtenBefore;
  }

  /** Without pages that are free again, and without the shortcut of the last three hours: it does not grow. */
  storedBytes(): number {
    const database = new DatabaseSync(join(this.#folder, 'signalbox.db'), { readOnly: true });
    const pragma = (name: string): number =>
      Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
    const fine = database
      .prepare(`SELECT ifnull(sum(pgsize), 0) AS bytes FROM dbstat WHERE name = 'fine'`)
      .get();
    const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
    const bytes = used - Number(fine?.['bytes']);
    database.close();
    return bytes;
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}

function line(id: number, timeMs: number): string {
  return `bench,device=d${id} m=${valueOf(id, timeMs)} ${timeMs}`;
}

/** A server that takes line protocol. */
abstract class LineServer {
  readonly #folder: string;
  readonly #child: ChildProcess;

  constructor(folder: string, command: readonly [program: string, ...args: string[]]) {
    this.#folder = folder;
    const [program, ...args] = command;
    this.#child = spawn(program, args, { stdio: 'ignore' });
  }

  protected abstract readonly writeUrl: string;

  async write(batches: readonly Batch[]): Promise<void> {
    const body = batches.flatMap(({ series, timeMs }) => series.map((id) => line(id, timeMs))).join('\n');
    const response = await fetch(this.writeUrl, { method: 'POST', body });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${this.writeUrl}: ${response.status}`);
  }

  second(): void {}

  protected async listens(url: string): Promise<void> {
    await until(
      () =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      20_000,
    );
  }

  writtenBytes(): number {
    return writtenBy(this.#child.pid ?? 0);
  }

  storedBytes(): number {
    return sizeOf(this.#folder);
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGTERM');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export class InfluxSubject extends LineServer implements Subject {
  readonly name = 'InfluxDB 1.6';
  readonly #url: string;
  protected readonly writeUrl: string;

  static async open(folder: string, program: string, port: number): Promise<InfluxSubject> {
    mkdirSync(folder, { recursive: true });
    const config = join(folder, 'influxdb.conf');
    writeFileSync(config, configuration(folder, `127.0.0.1:${port}`));
    const influx = new InfluxSubject(folder, [program, '-config', config], `http://127.0.0.1:${port}`);
    await influx.listens(`http://127.0.0.1:${port}/ping`);
    await influx.#query('CREATE DATABASE bench');
    return influx;
  }

  private constructor(folder: string, command: readonly [string, ...string[]], url: string) {
    super(folder, command);
    this.#url = url;
    this.writeUrl = `${url}/write?db=bench&precision=ms`;
  }

  async ask({ series, startMs, endMs, windowMs }: Question): Promise<number> {
    const devices = series.map((id) => `d${id}`).join('|');
    const answer = await this.#query(
      `SELECT min(m), max(m), mean(m), count(m), last(m) FROM bench WHERE device =~ /^(${devices})$/ AND ` +
        `time >= ${startMs}ms AND time < ${endMs}ms GROUP BY time(${windowMs}ms), device fill(none)`,
    );
    const { results } = answer as {
      results: readonly { series?: readonly { values: readonly unknown[] }[] }[];
    };
    return (results[0]?.series ?? []).reduce((sum, { values }) => sum + values.length, 0);
  }

  async settle(): Promise<void> {}

  async #query(statement: string): Promise<unknown> {
    const body = new URLSearchParams({ db: 'bench', q: statement, epoch: 'ms' });
    return await (await fetch(`${this.#url}/query`, { method: 'POST', body })).json();
  }
}

export class VictoriaSubject extends LineServer implements Subject {
  readonly name = 'VictoriaMetrics';
  readonly #url: string;
  protected readonly writeUrl: string;

  static async open(folder: string, program: string, port: number): Promise<VictoriaSubject> {
    const address = `127.0.0.1:${port}`;
    const flags = ['-retentionPeriod=100y', '-search.latencyOffset=0s', `-httpListenAddr=${address}`];
    const limits = ['-search.maxPointsPerTimeseries=100000', '-search.disableCache'];
    const subject = new VictoriaSubject(
      folder,
      [program, `-storageDataPath=${folder}`, ...flags, ...limits],
      `http://${address}`,
    );
    await subject.listens(`http://${address}/health`);
    return subject;
  }

  private constructor(folder: string, command: readonly [string, ...string[]], url: string) {
    super(folder, command);
    this.#url = url;
    this.writeUrl = `${url}/write?db=bench&precision=ms`;
  }

  /** One range query for each aggregate, as its users do. */
  async ask({ series, startMs, endMs, windowMs }: Question): Promise<number> {
    const selector = `bench_m{device=~"${series.map((id) => `d${id}`).join('|')}"}[${windowMs}ms]`;
    const counts = await Promise.all(
      ['min', 'max', 'avg', 'count', 'last'].map((aggregate) =>
        this.#range(`${aggregate}_over_time(${selector})`, {
          start: startMs + windowMs,
          end: endMs,
          step: windowMs,
        }),
      ),
    );
    return counts[0] ?? 0;
  }

  async settle(): Promise<void> {
    await fetch(`${this.#url}/internal/force_flush`);
  }

  async #range(
    query: string,
    { start, end, step }: { start: number; end: number; step: number },
  ): Promise<number> {
    const body = new URLSearchParams({
      query,
      start: `${start / 1000}`,
      end: `${end / 1000}`,
      step: `${step}ms`,
    });
    const answer = (await (
      await fetch(`${this.#url}/api/v1/query_range`, { method: 'POST', body })
    ).json()) as {
      readonly data: { readonly result: readonly { readonly values: readonly unknown[] }[] };
    };
    return answer.data.result.reduce((sum, { values }) => sum + values.length, 0);
  }
}

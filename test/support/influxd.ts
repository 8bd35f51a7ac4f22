/** Debian's InfluxDB 1.6 in a throw-away folder, on a free port that it keeps. */
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, until } from './hub-process.ts';

const listening = /Listening on HTTP".* addr=(\S+)/;

export class Influxd implements AsyncDisposable {
  readonly #program: string;
  readonly #folder = temporaryFolder();
  #address = '127.0.0.1:0';
  #child: ChildProcess | undefined;

  private constructor(program: string) {
    this.#program = program;
  }

  static async start(program: string): Promise<Influxd> {
    const influxd = new Influxd(program);
    await influxd.start();
    return influxd;
  }

  get url(): string {
    return `http://${this.#address}`;
  }

  /** Starts again after a kill, with its data, on the port of the first start. */
  async start(): Promise<void> {
    const config = join(this.#folder, 'influxdb.conf');
    writeFileSync(config, configuration(this.#folder, this.#address));
    const child = spawn(this.#program, ['-config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    await until(
      () => listening.test(output),
      20_000,
      () => `InfluxDB did not start:\n${output}`,
    );
    this.#address = listening.exec(output)?.[1] ?? '';
  }

  /** Power off, as far as a process can. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill('SIGKILL');
    await ended;
  }

  /** It stands still, and nobody is told. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** One InfluxQL statement with one series in its answer. @returns its rows; times in µs */
  async rows(database: string, statement: string): Promise<readonly (readonly unknown[])[]> {
    const parameters = new URLSearchParams({ db: database, q: statement, epoch: 'u' });
    const response = await fetch(`${this.url}/query?${parameters}`, { signal: AbortSignal.timeout(20_000) });
    const { results } = (await response.json()) as {
      readonly results: readonly { readonly series?: readonly { readonly values: readonly unknown[][] }[] }[];
    };
    return results[0]?.series?.[0]?.values ?? [];
  }

  /** A statement that changes something. */
  async execute(statement: string): Promise<void> {
    const parameters = new URLSearchParams({ q: statement });
    const response = await fetch(`${this.url}/query?${parameters}`, { method: 'POST' });
    if (!response.ok) throw new Error(`${statement}: ${response.status} ${await response.text()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function startInfluxd(program: string): Promise<Influxd> {
  return Influxd.start(program);
}

export function configuration(folder: string, address: string): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
[http]
  bind-address = "${address}"
  log-enabled = false
[monitor]
  store-enabled = false
`;
}

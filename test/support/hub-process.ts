/**
 * One real hub in a process of its own, on free ports, with a throw-away data folder. What scenario tests talk to.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAddress, readAdminToken, type HubAddress } from '../../hub/data-folder.ts';
import type { NewToken } from '#ports';
import packageJson from '../../package.json' with { type: 'json' };

/** As `npm start` has it: Node's own flags, then the program. */
const startArguments = packageJson.scripts.start.split(' ').slice(1);
/** What is broken on purpose (`faults/broken-source.ts`) is broken as its sources are loaded. */
const sourceArguments = [...startArguments.slice(0, -1), 'hub/main.ts'];
export const repositoryRoot = join(import.meta.dirname, '..', '..');
/** A start takes two seconds of a core, which a machine with other work may give it late. */
const startDeadlineMs = 45_000;
/** The hub's own is 15 s. */
const stopDeadlineMs = 30_000;

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'signalbox-test-'));
}

export class HubProcess implements AsyncDisposable {
  readonly dataFolder: string;
  /** Milliseconds from spawn to ready of the last start. */
  readyAfterMs = 0;
  #child: ChildProcess | undefined;
  #address: HubAddress | undefined;
  #output = '';
  readonly #flags: readonly string[];
  /** Beside this process's own; read at each start. */
  env: NodeJS.ProcessEnv;

  private constructor(dataFolder: string, flags: readonly string[], env: NodeJS.ProcessEnv) {
    this.dataFolder = dataFolder;
    this.#flags = flags;
    this.env = env;
  }

  /** @param flags further command-line flags of the hub */
  static async start(
    flags: readonly string[] = [],
    dataFolder: string = temporaryFolder(),
    env: NodeJS.ProcessEnv = {},
  ): Promise<HubProcess> {
    const hub = new HubProcess(dataFolder, flags, env);
    await hub.start();
    return hub;
  }

  get url(): string {
    return this.#running.url;
  }

  get mqtt(): string {
    return this.#running.mqtt ?? '';
  }

  get pid(): number {
    return this.#running.pid;
  }

  /** What the process wrote so far, to explain a failure. */
  get output(): string {
    return this.#output;
  }

  get adminToken(): string {
    return readAdminToken(this.dataFolder);
  }

  get #running(): HubAddress {
    if (this.#address === undefined) throw new Error(`The hub is not running.\n${this.#output}`);
    return this.#address;
  }

  /** Starts again after a stop or a kill, on the ports of the first start. */
  async start(): Promise<void> {
    const ports =
      this.#address === undefined
        ? ['0', '0']
        : [portOf(this.#address.url), portOf(this.#address.mqtt ?? '')];
    const startedAt = performance.now();
    const child = spawn(
      process.execPath,
      [
        ...('SIGNALBOX_TEST_BREAK' in this.env ? sourceArguments : startArguments),
        '--data',
        this.dataFolder,
        '--http-port',
        ports[0] ?? '0',
        '--mqtt-port',
        ports[1] ?? '0',
        ...this.#flags,
      ],
      { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.env } },
    );
    this.#child = child;
    const collect = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    await until(
      () => this.#isAnnounced(child),
      startDeadlineMs,
      () => `The hub did not start.\n${this.#output}`,
    );
    this.readyAfterMs = performance.now() - startedAt;
    this.#address = readAddress(this.dataFolder);
  }

  #isAnnounced(child: ChildProcess): boolean {
    if (child.exitCode !== null)
      throw new Error(`The hub ended with code ${child.exitCode}.\n${this.#output}`);
    const file = join(this.dataFolder, 'hub.json');
    return existsSync(file) && readAddress(this.dataFolder).pid === child.pid;
  }

  /** Power off, as far as a process can: no handler runs. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Waits until it ends by itself. @returns its exit code; null if a signal ended it */
  async died(deadlineMs: number): Promise<number | null> {
    const child = this.#child;
    await until(
      () => child === undefined || child.exitCode !== null || child.signalCode !== null,
      deadlineMs,
      () => `The hub did not end.\n${this.#output}`,
    );
    return child?.exitCode ?? null;
  }

  /** SIGTERM, and waits for the end. @returns the exit code */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const deadline = AbortSignal.timeout(stopDeadlineMs);
    deadline.addEventListener('abort', () => child.kill('SIGKILL'));
    await ended;
    return child.exitCode;
  }

  async request(path: string, init: RequestInit = {}, token: string = this.adminToken): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    if (typeof init.body === 'string' && !headers.has('content-type'))
      headers.set('content-type', 'application/json');
    return fetch(`${this.url}${path}`, { ...init, headers, signal: AbortSignal.timeout(10_000) });
  }

  async json<Answer>(path: string, init: RequestInit = {}, token?: string): Promise<Answer> {
    const response = await this.request(path, init, token);
    if (!response.ok)
      throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** @returns the secret of a new token */
  async createToken(token: NewToken): Promise<string> {
    const { secret } = await this.json<{ secret: string }>('/api/v1/tokens', {
      method: 'POST',
      body: JSON.stringify(token),
    });
    return secret;
  }

  /** Resident memory in bytes, as the kernel counts it. */
  memoryRss(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGKILL');
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}

function portOf(url: string): string {
  return url === '' ? '0' : new URL(url).port;
}

/** Polls a fact about another process; for facts of this process await an event instead. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  deadlineMs: number,
  explain: () => string = () => 'It did not come true in time.',
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(explain());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

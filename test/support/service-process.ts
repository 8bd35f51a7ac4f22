/** One service of a composition as a process: started, asked whether it is healthy, stopped, started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { repositoryRoot } from './hub-process.ts';

export interface ServiceSpec {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** As Compose has it: `['CMD', …]` or `['CMD-SHELL', text]`; absent: it is healthy while it runs. */
  readonly healthcheck?: readonly string[] | undefined;
}

const stopDeadlineMs = 20_000;
const checkDeadlineMs = 5000;

export class ServiceProcess {
  output = '';
  readonly #spec: ServiceSpec;
  #child: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(null);

  constructor(spec: ServiceSpec) {
    this.#spec = spec;
  }

  /** The exit code of the present run. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  start(): void {
    const child = this.#spawn(this.#spec.command);
    this.#child = child;
    const collect = (chunk: Buffer): void =>
      void (this.output = (this.output + chunk.toString('utf8')).slice(-50_000));
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code));
    });
  }

  /** Runs its health check once. */
  async isHealthy(): Promise<boolean> {
    const isRunning = this.#child?.exitCode === null && this.#child.signalCode === null;
    if (this.#spec.healthcheck === undefined) return isRunning || this.#child?.exitCode === 0;
    if (!isRunning) throw new Error(`It ended:\n${this.output}`);
    const [kind, ...rest] = this.#spec.healthcheck;
    const check = this.#spawn(kind === 'CMD-SHELL' ? ['sh', '-c', ...rest] : rest);
    const timer = setTimeout(() => check.kill('SIGKILL'), checkDeadlineMs);
    const code = await new Promise<number | null>((resolve) => {
      check.once('error', () => resolve(null));
      check.once('close', resolve);
    });
    clearTimeout(timer);
    return code === 0;
  }

  /** As `docker compose stop`: SIGTERM, then SIGKILL. @returns the exit code; null: it had to be killed */
  async stop(): Promise<number | null> {
    return await this.#end('SIGTERM');
  }

  /** As `docker compose kill -s SIGNAL`. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
    const code = await this.#ended;
    clearTimeout(timer);
    return code;
  }

  #spawn([program = '', ...args]: readonly string[]): ChildProcess {
    const path = program === 'node' ? process.execPath : program;
    return spawn(path, args, {
      cwd: repositoryRoot,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...this.#spec.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

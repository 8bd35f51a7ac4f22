/** Debian's VictoriaMetrics in a throw-away folder, on a free port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { temporaryFolder, until } from './hub-process.ts';

const listening = /starting http server at (http:\/\/127\.0\.0\.1:\d+)\//;

export interface Exported {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** Epoch ms. */
  readonly timestamps: readonly number[];
}

export class VictoriaMetrics implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.url = url;
  }

  static async start(program: string): Promise<VictoriaMetrics> {
    const folder = temporaryFolder();
    // It does not tell which port it was given.
    const port = await freePort();
    const flags = [
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=100y',
      '-search.latencyOffset=0s',
    ];
    const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    await until(
      () => listening.test(output),
      20_000,
      () => `VictoriaMetrics did not start:\n${output}`,
    );
    return new VictoriaMetrics(child, folder, listening.exec(output)?.[1] ?? '');
  }

  /** Everything that it has taken. */
  async export(): Promise<readonly Exported[]> {
    await fetch(`${this.url}/internal/force_flush`, { method: 'POST' });
    const response = await fetch(`${this.url}/api/v1/export?match[]={__name__!=""}`);
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Exported);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

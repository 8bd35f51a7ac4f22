/** A real Mosquitto on a free port of loopback, with a throw-away folder. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/hub-process.ts';

export interface RunningMosquitto extends AsyncDisposable {
  readonly url: string;
}

/**
 * It listens when this resolves.
 * @param program its path @param lines of its configuration, beside or instead of those of an open broker
 */
export async function startMosquitto(
  program: string,
  lines: readonly string[] = ['allow_anonymous true', 'max_queued_messages 0'],
): Promise<RunningMosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const port = await freePort();
  const config = join(folder, 'conf');
  const common = [`listener ${port} 127.0.0.1`, 'user root', 'sys_interval 1'];
  writeFileSync(config, [...common, ...lines, ''].join('\n'));
  const child = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await until(
    () => output.includes(' running'),
    20_000,
    () => `Mosquitto did not start:\n${output}`,
  );
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's InfluxDB 1.6 in a throw-away folder, on a free port. */
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, until } from './hub-process.ts';

export interface Influxd extends AsyncDisposable {
  readonly url: string;
}

export async function startInfluxd(program: string): Promise<Influxd> {
  const folder = temporaryFolder();
  const config = join(folder, 'influxdb.conf');
  writeFileSync(config, configuration(folder));
  const child = spawn(program, ['-config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const listening = /Listening on HTTP".* addr=(\S+)/;
  await until(
    () => listening.test(output),
    20_000,
    () => `InfluxDB did not start:\n${output}`,
  );
  return {
    url: `http://${listening.exec(output)?.[1] ?? ''}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string): string {
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
  bind-address = "127.0.0.1:0"
  log-enabled = false
[monitor]
  store-enabled = false
`;
}

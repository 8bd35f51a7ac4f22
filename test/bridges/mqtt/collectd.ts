/** Debian's collectd, publishing this machine's metrics to a broker: real input, made while the test runs. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CollectdOptions {
  /** The program's path. */
  readonly program: string;
  /** Port of the broker on 127.0.0.1. */
  readonly port: number;
  /** The token of a gateway that may publish below `collectd/`. */
  readonly token: string;
  /** The name under which it reports; becomes the device. */
  readonly host: string;
}

export interface RunningCollectd {
  /** What it wrote to its log. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts it in a throw-away folder; it publishes every second. */
export async function startCollectd(options: CollectdOptions): Promise<RunningCollectd> {
  const folder = mkdtempSync(join(tmpdir(), 'collectd-'));
  const config = join(folder, 'collectd.conf');
  writeFileSync(config, configuration(options, folder), { mode: 0o600 });
  const child = spawn(options.program, ['-f', '-C', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return {
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration({ port, token, host }: CollectdOptions, folder: string): string {
  return `
Hostname "${host}"
FQDNLookup false
BaseDir "${folder}"
PIDFile "${folder}/pid"
TypesDB "/usr/share/collectd/types.db"
Interval 1
${['cpu', 'load', 'memory', 'interface', 'uptime', 'df', 'mqtt'].map((plugin) => `LoadPlugin ${plugin}`).join('\n')}
<Plugin cpu>
  ReportByCpu false
  ValuesPercentage true
</Plugin>
<Plugin df>
  MountPoint "/"
</Plugin>
<Plugin mqtt>
  <Publish "hub">
    Host "127.0.0.1"
    Port "${port}"
    ClientId "${host}"
    User "collectd"
    Password "${token}"
    QoS 1
    Prefix "collectd"
    StoreRates true
  </Publish>
</Plugin>
`;
}

/**
 * `npm run dev`: the hub restarts when its sources change, the dashboards reload in place, twenty devices report.
 * One terminal, one Ctrl-C.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machineClock, sleep } from './clock.ts';
import { Child, DemoError, describeEnd } from './demo/child.ts';
import { fleetToken } from './demo/fleet-token.ts';
import { freePort, parsePort } from './demo/free-port.ts';
import { HubApi, isReady, prepareDataFolder, readAdminToken } from './demo/hub-api.ts';
import { demoGroups } from './demo/preset.ts';
import { stopped, stopSignal } from './stop-signal.ts';

const usage = 'npm run dev -- [--data ./data] [--http-port 8080] [--mqtt-port 1883] [--dashboards-port 5173]';
const childStopMs = 8000;

function readOptions() {
  try {
    return parseArgs({
      options: {
        data: { type: 'string', default: './data' },
        'http-port': { type: 'string', default: '8080' },
        'mqtt-port': { type: 'string', default: '1883' },
        'dashboards-port': { type: 'string', default: '5173' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new DemoError(`This is not how it is called; ${usage}`, { cause: error });
  }
}

/** Vite, as a script for this Node. */
function viteScript(): string {
  return join(createRequire(import.meta.url).resolve('vite/package.json'), '../bin/vite.js');
}

/** Shows a child's lines under its name. */
function shown(name: string): (line: string) => void {
  return (line) => {
    if (line.trim() !== '') console.log(`${name}  ${line}`);
  };
}

/** A broken source file keeps the hub down until it is mended: that is told by its own output, so wait for good. */
async function ready(url: string, hub: Child, stop: AbortSignal): Promise<void> {
  while (!(await isReady(url))) {
    stop.throwIfAborted();
    if (hub.hasEnded) throw new DemoError('The hub could not be watched; its last words are above.');
    await sleep(machineClock, 100);
  }
}

async function freePorts(wanted: readonly number[]): Promise<readonly number[]> {
  const found: number[] = [];
  for (const port of wanted) found.push((await freePort(port)).port);
  return found;
}

async function runDev(options: ReturnType<typeof readOptions>, stop: AbortSignal, children: Child[]) {
  const wanted = [options['http-port'], options['mqtt-port'], options['dashboards-port']].map(parsePort);
  const data = resolve(options.data);
  prepareDataFolder(data);
  const [httpPort = 0, mqttPort = 0, dashboardsPort = 0] = await freePorts(wanted);
  const [url, mqtt] = [`http://127.0.0.1:${httpPort}`, `mqtt://127.0.0.1:${mqttPort}`];
  const dashboards = `http://127.0.0.1:${dashboardsPort}`;
  const start = (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const child = new Child({ name, args, env, onLine: shown(name) });
    children.push(child);
    return child;
  };

  const hubArgs = ['--watch', '--watch-preserve-output', 'hub/main.ts', '--data', data];
  hubArgs.push(
    '--http-port',
    String(httpPort),
    '--mqtt-port',
    String(mqttPort),
    '--http-origins',
    dashboards,
  );
  const hub = start('hub', hubArgs);
  const viteArgs = [viteScript(), 'dashboards', '--host', '127.0.0.1', '--port', String(dashboardsPort)];
  const vite = start('vite', [...viteArgs, '--strictPort'], { SIGNALBOX_URL: url });
  await ready(url, hub, stop);
  const api = new HubApi({ url, token: readAdminToken(data) });
  const token = await fleetToken(api, data, demoGroups);
  const env = { SIGNALBOX_URL: url, SIGNALBOX_MQTT: mqtt, SIGNALBOX_TOKEN: token };
  const fleet = start('fleet', ['simulators/demo-fleet.ts', '--devices', '20'], env);
  console.log(`\nLog in:  ${dashboards}/#login=${await api.createLoginCode()}\nCtrl-C ends everything.\n`);
  const first = await Promise.race(
    [hub, vite, fleet].map(async (child) => ({ name: child.name, end: await child.ended })),
  );
  if (!stop.aborted)
    throw new DemoError(`The ${first.name} process ended by itself (${describeEnd(first.end)}).`);
}

async function main(): Promise<number> {
  const stop = stopSignal(process);
  const children: Child[] = [];
  process.once('exit', () => children.forEach((child) => child.kill()));
  try {
    const options = readOptions();
    if (options.help) console.log(usage);
    else await Promise.race([runDev(options, stop, children), stopped(stop)]);
    return 0;
  } catch (error) {
    if (stop.aborted) return 0;
    console.error(error instanceof DemoError ? error.message : `npm run dev failed: ${String(error)}`);
    return 1;
  } finally {
    await Promise.all(children.map((child) => child.stop(childStopMs)));
  }
}

process.exit(await main());

/**
 * `npm run demo:stall`: frozen dashboards beside a healthy one, under load, against the running hub.
 * Prints what was measured and nothing else.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DemoError } from './demo/child.ts';
import { HubApi, isReady, readAdminToken, readHubAddress } from './demo/hub-api.ts';
import { Load } from './demo/load.ts';
import { stallReport } from './demo/stall-report.ts';
import { Watcher } from './demo/watcher.ts';
import { stopSignal } from './stop-signal.ts';

const group = 'stall';
const usage = 'npm run demo:stall -- [--data ./data] [--frozen 12] [--seconds 20]';
/** How long thawed dashboards get to read what waits for them. */
const thawMs = 3000;

interface Options {
  readonly data: string;
  readonly frozen: number;
  readonly seconds: number;
}

function readOptions(): Options | undefined {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        data: { type: 'string', default: './data' },
        frozen: { type: 'string', default: '12' },
        seconds: { type: 'string', default: '20' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new DemoError(`This is not how it is called; ${usage}`, { cause: error });
  }
  if (values.help) return undefined;
  const [frozen, seconds] = [Number(values.frozen), Number(values.seconds)];
  if (!(frozen >= 1 && frozen <= 200 && seconds >= 1 && seconds <= 600))
    throw new DemoError('--frozen takes 1 to 200, --seconds 1 to 600.');
  return { data: resolve(values.data), frozen, seconds };
}

async function measure({ data, frozen, seconds }: Options, stop: AbortSignal): Promise<void> {
  const address = readHubAddress(data);
  if (address === undefined || !(await isReady(address.url)))
    throw new DemoError(`No hub runs with the data folder ${data}: start npm run demo first.`);
  const { url } = address;
  const api = new HubApi({ url, token: readAdminToken(data) });
  const gateway = await api.createToken('demo:stall, load', 'gateway', [group]);
  const viewer = await api.createToken('demo:stall, dashboards', 'viewer', [group]);
  const watchers: Watcher[] = [];
  try {
    const load = new Load({ url, group, token: gateway.secret });
    // The group exists from its first reading on.
    await load.burst();
    const target = { url, group, token: viewer.secret };
    const open = async () => {
      const watcher = await Watcher.open(target);
      watchers.push(watcher);
      return watcher;
    };
    const healthy = await open();
    const sleepers: Watcher[] = [];
    for (let index = 0; index < frozen; index += 1) sleepers.push(await open());
    for (const sleeper of sleepers) sleeper.freeze();
    const before = await api.status();
    console.log(`${frozen} dashboards are frozen, one is healthy; ${seconds} s of load …`);
    const sentBefore = load.acknowledged;
    await load.run(seconds * 1000, stop);
    const after = await api.status();
    for (const sleeper of sleepers) sleeper.thaw();
    await new Promise((done) => setTimeout(done, thawMs));
    const sent = load.acknowledged - sentBefore;
    console.log(stallReport({ sent, seconds, healthy, sleepers, before, after, load }));
  } finally {
    for (const watcher of watchers) watcher.close();
    await api.revokeToken(gateway.info.id);
    await api.revokeToken(viewer.info.id);
  }
}

async function main(): Promise<number> {
  const stop = stopSignal(process);
  try {
    const options = readOptions();
    if (options === undefined) console.log(usage);
    else await measure(options, stop);
    return 0;
  } catch (error) {
    if (stop.aborted) return 0;
    console.error(error instanceof DemoError ? error.message : `The measurement failed: ${String(error)}`);
    return 1;
  }
}

process.exit(await main());

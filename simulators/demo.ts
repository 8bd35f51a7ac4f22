/**
 * `npm run demo`: a hub, a simulated fleet and a day of history, from nothing to a login link in seconds.
 * Owns both processes: mends the hub when it dies, leaves nothing running when it ends.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machineClock } from './clock.ts';
import { backfill } from './demo/backfill.ts';
import { Child, DemoError } from './demo/child.ts';
import { fleetToken } from './demo/fleet-token.ts';
import { freePort, parsePort } from './demo/free-port.ts';
import { HubApi, isReady, prepareDataFolder, readAdminToken, readHubAddress } from './demo/hub-api.ts';
import { HubProcess } from './demo/hub-process.ts';
import { demoGroups, demoSeed, demoSpecs } from './demo/preset.ts';
import { stopped, stopSignal } from './stop-signal.ts';

interface Options {
  readonly data: string;
  readonly httpPort: number;
  readonly mqttPort: number;
}

/** The hub as `npm start` has it. */
const startArguments = ['--max-semi-space-size=8', '--single-threaded-gc', 'hub/dist/main.js'];
const usage = `npm run demo -- [--data ./data] [--http-port 8080] [--mqtt-port 1883]`;
const fleetStopMs = 5000;

/** Undefined when help was asked for. @throws {DemoError} */
function readOptions(): Options | undefined {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        data: { type: 'string', default: './data' },
        'http-port': { type: 'string', default: '8080' },
        'mqtt-port': { type: 'string', default: '1883' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new DemoError(`This is not how it is called; ${usage}`, { cause: error });
  }
  if (values.help) return undefined;
  const [httpPort, mqttPort] = [parsePort(values['http-port']), parsePort(values['mqtt-port'])];
  return { data: resolve(values.data), httpPort, mqttPort };
}

function say(line: string): void {
  console.log(line);
}

async function choosePort(name: string, wanted: number): Promise<number> {
  const { port, wasTaken } = await freePort(wanted);
  if (wasTaken) say(`Port ${wanted} is taken: ${name} is on ${port} this time.`);
  return port;
}

function hubProcess(data: string, httpPort: number, mqttPort: number): HubProcess {
  const args = [...startArguments, '--data', data];
  args.push('--http-port', String(httpPort), '--mqtt-port', String(mqttPort));
  return new HubProcess({
    spawn: () => new Child({ name: 'the hub', args }),
    isReady: async (pid) => readHubAddress(data)?.pid === pid && isReady(`http://127.0.0.1:${httpPort}`),
    tell: say,
    clock: machineClock,
  });
}

/** A second hub on one data folder would be refused; say it before anything starts. @throws {DemoError} */
async function refuseSecondHub(data: string): Promise<void> {
  const running = readHubAddress(data);
  if (running === undefined || !(await isReady(running.url))) return;
  throw new DemoError(
    `A hub runs with this data folder already, at ${running.url} (pid ${running.pid}): stop it, or choose another --data.`,
  );
}

async function fillHistory(data: string, url: string, stop: AbortSignal) {
  const api = new HubApi({ url, token: readAdminToken(data) });
  const token = await fleetToken(api, data, demoGroups);
  const startMs = performance.now();
  const specs = demoSpecs();
  const sent = await backfill({ specs, seed: demoSeed, api, url, token, now: Date.now(), stop });
  say(
    `24 h of simulated history: ${sent} readings in ${((performance.now() - startMs) / 1000).toFixed(1)} s.`,
  );
  return { api, token };
}

function greet(url: string, mqtt: string, code: string, hubPid: number | undefined): void {
  say(`
The demo runs: dashboards at ${url}, MQTT at ${mqtt}, ${demoSpecs().length} simulated devices.

  Log in:  ${url}/#login=${code}
           (once, within 24 h; npm run login-link prints another)

Three things to try
  1. Open greenhouse, Bed 1, and press its valve: the click reaches the device and comes back confirmed.
  2. npm run demo:stall    freezes a dozen dashboards and measures a healthy one beside them.
  3. kill -9 ${hubPid}    ends the hub; it comes back, and the charts close their gap.

Ctrl-C ends everything.`);
}

async function runDemo(
  options: Options,
  stop: AbortSignal,
  finallies: (() => Promise<void>)[],
): Promise<void> {
  const { data } = options;
  prepareDataFolder(data);
  await refuseSecondHub(data);
  const httpPort = await choosePort('the hub', options.httpPort);
  const mqttPort = await choosePort('MQTT', options.mqttPort);
  const [url, mqtt] = [`http://127.0.0.1:${httpPort}`, `mqtt://127.0.0.1:${mqttPort}`];
  const hub = hubProcess(data, httpPort, mqttPort);
  process.once('exit', () => hub.kill());
  finallies.push(() => hub.stop());
  await hub.start(stop);
  const hubLives = hub.keepAlive(stop);
  const steps = async () => {
    const { api, token } = await fillHistory(data, url, stop);
    const env = { SIGNALBOX_URL: url, SIGNALBOX_MQTT: mqtt, SIGNALBOX_TOKEN: token };
    const fleet = new Child({ name: 'the fleet', args: ['simulators/demo-fleet.ts'], env, tether: true });
    finallies.push(() => fleet.stop(fleetStopMs));
    greet(url, mqtt, await api.createLoginCode(), hub.pid);
    const end = await fleet.ended;
    if (!stop.aborted)
      throw new DemoError(`The simulated fleet ended by itself: ${fleet.lastLines.at(-1) ?? end.code}`);
  };
  await Promise.race([Promise.all([steps(), hubLives]), stopped(stop)]);
}

async function main(): Promise<number> {
  const stop = stopSignal(process);
  const finallies: (() => Promise<void>)[] = [];
  try {
    const options = readOptions();
    if (options === undefined) say(usage);
    else await runDemo(options, stop, finallies);
    return 0;
  } catch (error) {
    if (stop.aborted) return 0;
    console.error(error instanceof DemoError ? error.message : `The demo failed: ${String(error)}`);
    return 1;
  } finally {
    // The fleet first: its farewells are for a hub that still listens.
    for (const end of finallies.toReversed()) await end();
  }
}

process.exit(await main());

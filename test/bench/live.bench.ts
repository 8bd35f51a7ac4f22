/**
 * The live plane of a real hub, from an MQTT publish to the sockets of dashboards, beside what people write with the
 * official `socket.io`: (a) one emit per reading, (b) a room with a batch each 100 ms. Same readings, same tuples,
 * same clients. Beside (b) stands the floor as well: a process that only writes such frames to such sockets.
 * `--only delivery|single|own-views|latency|subscriptions|memory`, `--rounds 5`, `--seconds 5`.
 */
import { parseArgs } from 'node:util';
import { deliveryTable, measureDelivery, type Contender } from './live/delivery.ts';
import type { Fleet } from './live/devices-process.ts';
import { fleetMemory } from './live/fleet-memory.ts';
import { measureLatency } from './live/latency.ts';
import { subscriptions } from './live/subscriptions.ts';
import { startHub, startPeer, type Subject } from './live/subjects.ts';

const fleet = { devices: 500, metrics: 10, hz: 1 };
/** As many series from fewer messages: where ingest costs less, the difference that delivery makes is clearer. */
const largeDevices = { devices: 25, metrics: 200, hz: 1 };
/** One emit per reading and dashboard cannot keep up with the whole fleet: it gets a sixteenth. */
const smallFleet = { devices: 32, metrics: 10, hz: 1 };

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly dashboards: number;
}

interface Entrant {
  readonly starting: Promise<Subject>;
  readonly fleet: Fleet;
}

async function compare(entrants: readonly Entrant[], options: Options): Promise<string> {
  await using subjects = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const entrant of entrants)
    contenders.push({ subject: subjects.use(await entrant.starting), fleet: entrant.fleet });
  return deliveryTable(await measureDelivery(contenders, options));
}

const each = (): Entrant => ({ starting: startPeer('each'), fleet: smallFleet });

async function delivery(options: Options): Promise<void> {
  const ours = { starting: startHub(), fleet: largeDevices };
  const batches = { starting: startPeer('batches'), fleet: largeDevices };
  const floor = { starting: startPeer('bare'), fleet: largeDevices };
  console.log('\nEvery reading to dashboards that share one view (raw, 10 Hz), beside batches of 100 ms:');
  console.log(await compare([ours, batches, floor], options));
}

async function single(options: Options): Promise<void> {
  const ours = { starting: startHub(), fleet: largeDevices };
  console.log('\nThe same, beside one emit per reading:');
  console.log(await compare([ours, each()], options));
}

/** A view of its own for each: patterns that match nothing tell them apart. */
const ownSpec = (index: number): object => ({ mode: 'raw', maxHz: 10, devices: ['d*', `none-${index}`] });

async function ownViews(options: Options): Promise<void> {
  const ours = { starting: startHub('hub, each with a view of its own', ownSpec), fleet: largeDevices };
  console.log('\nEvery reading to dashboards, each with a view of its own (raw, 10 Hz):');
  console.log(await compare([ours, each()], options));
}

const parts: Readonly<Record<string, (options: Options) => Promise<void>>> = {
  delivery,
  single,
  'own-views': ownViews,
  latency: (options) => measureLatency(fleet, options),
  subscriptions: (options) => subscriptions(fleet, options),
  memory: fleetMemory,
};

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      dashboards: { type: 'string', default: '200' },
    },
  });
  const options = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    dashboards: Number(values.dashboards),
  };
  for (const [name, part] of Object.entries(parts))
    if (values.only === '' || name === values.only) await part(options);
}

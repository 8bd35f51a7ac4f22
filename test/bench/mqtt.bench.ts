/**
 * QoS 1 publishes of one reading, acknowledged: by the embedded broker with all of the hub in the path and the fsync
 * before the PUBACK, beside Mosquitto alone, which stores nothing, in the same run; and through Mosquitto into the hub,
 * counted when it is durable. The load is a process of its own. `--rounds 3`, `--seconds 4`, `--only embedded`.
 */
import { parseArgs } from 'node:util';
import type { HubStatus } from '#contract/status.ts';
import { startMosquitto } from '../bridges/mqtt/mosquitto.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { findProgram } from '../support/servers.ts';
import { publishLoad } from './support/mqtt-load.ts';
import type { LoadResult } from './support/pipelined-load.ts';
import { cpuSecondsOf } from './support/process-cost.ts';
import { median, short, spread } from './support/statistics.ts';
import { table } from './support/table.ts';

interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the hub, µs a message. */
  readonly cpuUs: number;
}

interface Way {
  readonly name: string;
  run(seconds: number): Promise<Figures>;
}

const loads = {
  '50 clients, 20 in flight each': { clients: 50, inFlight: 20 },
  '50 clients, 1 in flight each': { clients: 50, inFlight: 1 },
  '500 clients, 1 in flight each': { clients: 500, inFlight: 1 },
} as const;

const topicOf = (client: number): string => `signalbox/bench/d${client}/telemetry/temperature`;

function figuresOf({ acknowledged, seconds, p50Ms, p99Ms }: LoadResult, cpuSeconds: number): Figures {
  return { perSecond: acknowledged / seconds, p50Ms, p99Ms, cpuUs: (cpuSeconds * 1e6) / acknowledged };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function embeddedWays(hub: HubProcess, password: string): readonly Way[] {
  return Object.entries(loads).map(([name, load]) => ({
    name: `embedded, durable: ${name}`,
    async run(seconds) {
      const before = cpuSecondsOf(hub.pid);
      const result = await publishLoad({ ...load, port: portOf(hub.mqtt), seconds, password, topicOf });
      return figuresOf(result, cpuSecondsOf(hub.pid) - before);
    },
  }));
}

function mosquittoWays(url: string): readonly Way[] {
  return Object.entries(loads).map(([name, load]) => ({
    name: `Mosquitto alone: ${name}`,
    async run(seconds) {
      const result = await publishLoad({ ...load, port: portOf(url), seconds, topicOf });
      return figuresOf(result, Number.NaN);
    },
  }));
}

/** Counted in the hub: from the first publish until everything that was published is durable. */
function throughMosquitto(hub: HubProcess, url: string): Way {
  const head = async (): Promise<number> => (await hub.json<HubStatus>('/api/v1/status')).store.head;
  return {
    name: 'through Mosquitto, durable: 50 clients, 20 in flight each',
    async run(seconds) {
      const [offset, cpu, begin] = [await head(), cpuSecondsOf(hub.pid), performance.now()];
      const load = { clients: 50, inFlight: 20, topicOf };
      const result = await publishLoad({ ...load, port: portOf(url), seconds });
      await until(
        async () => (await head()) - offset >= result.acknowledged,
        60_000,
        () => 'The hub did not take everything.',
      );
      const wall = (performance.now() - begin) / 1000;
      const cpuUs = ((cpuSecondsOf(hub.pid) - cpu) * 1e6) / result.acknowledged;
      return { perSecond: result.acknowledged / wall, p50Ms: Number.NaN, p99Ms: Number.NaN, cpuUs };
    },
  };
}

function report(results: ReadonlyMap<string, readonly Figures[]>): string {
  const rows = [...results].map(([name, rounds]) => {
    const of = (field: keyof Figures): number => median(rounds.map((round) => round[field]));
    const rates = rounds.map(({ perSecond }) => perSecond);
    return [
      name,
      short(median(rates)),
      `${short(spread(rates) * 100)} %`,
      ...(['p50Ms', 'p99Ms', 'cpuUs'] as const).map((field) => short(of(field))),
    ];
  });
  return table(['', 'messages/s', 'spread', 'ack p50 ms', 'ack p99 ms', 'hub CPU µs'], rows);
}

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      only: { type: 'string', default: '' },
    },
  });
  const program = findProgram('mosquitto');
  if (program === undefined) throw new Error('This benchmark needs mosquitto: sudo test/install-servers.');
  await using mosquitto = await startMosquitto(program);
  await using hub = await HubProcess.start();
  await using reading = await HubProcess.start(['--no-mqtt-embedded', '--broker-url', mosquitto.url]);
  await using alone = await startMosquitto(program);
  const grant = { name: 'bench', role: 'gateway', groups: ['bench'] } as const;
  const password = await hub.createToken(grant);
  const isUp = async (): Promise<boolean> =>
    (await reading.json<HubStatus>('/api/v1/status')).edges.every(({ state }) => state === 'up');
  await until(isUp, 20_000, () => 'The hub does not read from Mosquitto.');
  const ways = [
    ...embeddedWays(hub, password),
    throughMosquitto(reading, mosquitto.url),
    ...mosquittoWays(alone.url),
  ].filter(({ name }) => name.includes(values.only));
  const results = new Map<string, Figures[]>(ways.map(({ name }) => [name, []]));
  for (const way of ways) await way.run(1);
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const way of ways) results.get(way.name)?.push(await way.run(Number(values.seconds)));
  console.log(`QoS 1, one reading a message, ${values.rounds} rounds of ${values.seconds} s:`);
  console.log(report(results));
}

/**
 * Our Socket.IO server beside npm `socket.io`, in the same run: what a delivery, an acknowledged event, a connection cost.
 * Server and load are processes of their own; figures are medians of rounds in which the servers take turns.
 * `--rounds 3` and `--only fan-out` change what is run.
 */
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import type { Cost } from './support/measure.ts';
import { median, short, spread } from './support/statistics.ts';
import { table } from './support/table.ts';
import { WorkerProcess } from './support/worker-process.ts';

const servers = ['ours', 'official'] as const;
type ServerName = (typeof servers)[number];

interface Pair {
  readonly server: WorkerProcess;
  readonly load: WorkerProcess;
  readonly port: number;
}

interface Scenario {
  readonly name: string;
  readonly unit: string;
  /** What one unit cost; less is better. */
  run(pair: Pair): Promise<Record<string, number>>;
}

/** CPU and wall time of the server per unit, in microseconds. */
async function perUnit(
  { server }: Pair,
  units: number,
  work: () => Promise<void>,
): Promise<Record<string, number>> {
  await server.call('startMeasuring');
  await work();
  const { cpuSeconds, userSeconds, wallSeconds } = await server.call<Cost>('cost');
  return {
    'CPU µs': (cpuSeconds * 1e6) / units,
    'user µs': (userSeconds * 1e6) / units,
    'wall µs': (wallSeconds * 1e6) / units,
  };
}

function fanOut(clients: number, perTick: number, ticks: number): Scenario {
  return {
    name: `fan-out to ${clients}, ${perTick} per tick`,
    unit: 'delivery',
    run: async (pair) => {
      const { server, load, port } = pair;
      await load.call('connect', port, clients);
      const deliver = async (rounds: number): Promise<void> => {
        for (let i = 0; i < rounds; i += 1) {
          await load.call('expect', clients * perTick);
          await server.call('emit', perTick);
          await load.call('received');
        }
      };
      await deliver(Math.ceil(ticks / 4));
      return perUnit(pair, clients * perTick * ticks, () => deliver(ticks));
    },
  };
}

function acknowledged(clients: number, depth: number, total: number): Scenario {
  return {
    name: `acknowledged events from ${clients}, ${depth} deep`,
    unit: 'event',
    run: async (pair) => {
      await pair.load.call('connect', pair.port, clients);
      await pair.load.call('exchange', Math.ceil(total / 4), depth);
      return perUnit(pair, total, () => pair.load.call('exchange', total, depth));
    },
  };
}

function connections(count: number): Scenario {
  return {
    name: `${count} connections`,
    unit: 'connection',
    run: async (pair) => {
      const { server, load, port } = pair;
      await load.call('connect', port, 200);
      const before = await server.call<{ heapBytes: number; residentBytes: number }>('memory');
      const costs = await perUnit(pair, count, () => load.call('connect', port, count));
      const after = await server.call<{ heapBytes: number; residentBytes: number }>('memory');
      return {
        ...costs,
        'heap kB': (after.heapBytes - before.heapBytes) / count / 1000,
        'RSS kB': (after.residentBytes - before.residentBytes) / count / 1000,
      };
    },
  };
}

const scenarios: readonly Scenario[] = [
  fanOut(500, 1, 80),
  fanOut(500, 10, 40),
  acknowledged(200, 1, 25_000),
  acknowledged(200, 10, 60_000),
  connections(1500),
];

async function once(server: ServerName, scenario: Scenario): Promise<Record<string, number>> {
  const folder = join(import.meta.dirname, 'socketio');
  const serverProcess = new WorkerProcess(join(folder, 'server-process.ts'), [server], ['--expose-gc']);
  const load = new WorkerProcess(join(folder, 'load-process.ts'));
  try {
    const port = await serverProcess.call<number>('listen');
    return await scenario.run({ server: serverProcess, load, port });
  } finally {
    await load.end();
    await serverProcess.end();
  }
}

/** The rows of one scenario: one for each figure. */
function rowsOf({ name, unit }: Scenario, results: Record<ServerName, Record<string, number>[]>): string[][] {
  const figures = Object.keys(results.ours[0] ?? {});
  return figures.map((figure) => {
    const [ours, official] = servers.map((server) =>
      results[server].map((result) => result[figure] as number),
    );
    if (ours === undefined || official === undefined) return [];
    return [
      `${name}: ${figure} per ${unit}`,
      short(median(ours)),
      short(median(official)),
      `${short(median(official) / median(ours))} ×`,
      `${Math.round(spread(ours) * 100)} % / ${Math.round(spread(official) * 100)} %`,
    ];
  });
}

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { rounds: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
  });
  const rows: string[][] = [];
  for (const scenario of scenarios) {
    if (!scenario.name.includes(values.only)) continue;
    const results: Record<ServerName, Record<string, number>[]> = { ours: [], official: [] };
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const server of servers) results[server].push(await once(server, scenario));
    }
    rows.push(...rowsOf(scenario, results));
    console.error(`${scenario.name}: done`);
  }
  console.log(table(['', 'ours', 'socket.io', 'better by', 'spread'], rows));
}

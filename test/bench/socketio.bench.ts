/**
 * Our Socket.IO server beside npm `socket.io`, in the same run, with bare `ws` and raw TCP beneath them as floors.
 * Server and load are processes of their own; figures are medians of rounds in which the servers take turns.
 * `--rounds 3` and `--only fan-out` change what is run.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scenarios, type Figures, type Scenario } from './socketio/scenarios.ts';
import { subjectNames, type SubjectName } from './socketio/subjects.ts';
import { median, short, spread } from './support/statistics.ts';
import { table } from './support/table.ts';
import { WorkerProcess } from './support/worker-process.ts';

const folder = join(import.meta.dirname, 'socketio');

interface RunningServer {
  readonly server: WorkerProcess;
  readonly port: number;
}

/** One process for each server and mode: compiled code stays warm from round to round. */
class Servers {
  readonly #running = new Map<string, RunningServer>();

  async get(subject: SubjectName, { mode, fresh }: Scenario): Promise<RunningServer> {
    const key = `${subject} ${mode}`;
    const known = fresh ? undefined : this.#running.get(key);
    if (known !== undefined) return known;
    const server = new WorkerProcess(join(folder, 'server-process.ts'), [subject, mode], ['--expose-gc']);
    const started = { server, port: await server.call<number>('listen') };
    if (!fresh) this.#running.set(key, started);
    return started;
  }

  async end(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ server }) => server.end()));
  }
}

interface Turn {
  readonly servers: Servers;
  readonly load: WorkerProcess;
  readonly warmUp: number;
}

async function once({ servers, load, warmUp }: Turn, subject: SubjectName, scenario: Scenario) {
  const { server, port } = await servers.get(subject, scenario);
  try {
    return await scenario.run({ server, load, port, warmUp });
  } finally {
    await load.call('close');
    if (scenario.fresh) await server.end();
    else await server.call('idle');
  }
}

type Results = ReadonlyMap<SubjectName, readonly Figures[]>;

async function measure(turn: Omit<Turn, 'warmUp'>, scenario: Scenario, rounds: number): Promise<Results> {
  const results = new Map<SubjectName, Figures[]>(scenario.subjects.map((subject) => [subject, []]));
  for (let round = 0; round < Math.min(rounds, scenario.enoughRounds ?? rounds); round += 1) {
    const warmUp = round === 0 ? 1 : 0.2;
    for (const [subject, figures] of results)
      figures.push(await once({ ...turn, warmUp }, subject, scenario));
  }
  return results;
}

/** The rows of one scenario: one for each figure. */
function rowsOf({ name, unit }: Scenario, results: Results): string[][] {
  const names = Object.keys(results.get('ours')?.[0] ?? {});
  return names.map((figure) => {
    const of = (subject: SubjectName): number[] =>
      (results.get(subject) ?? []).map((figures) => figures[figure] as number);
    const medianOf = (subject: SubjectName): number =>
      results.has(subject) ? median(of(subject)) : Number.NaN;
    const spreadOf = (subject: SubjectName): string => `${Math.round(spread(of(subject)) * 100)} %`;
    return [
      `${name}: ${figure} per ${unit}`,
      ...subjectNames.map((subject) => short(medianOf(subject))),
      `${short(medianOf('official') / medianOf('ours'))} ×`,
      `${spreadOf('ours')} / ${spreadOf('official')}`,
    ];
  });
}

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { rounds: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
  });
  const rows: string[][] = [];
  const servers = new Servers();
  const load = new WorkerProcess(join(folder, 'load-process.ts'));
  try {
    for (const scenario of scenarios) {
      if (!scenario.name.includes(values.only)) continue;
      const startMs = performance.now();
      rows.push(...rowsOf(scenario, await measure({ servers, load }, scenario, Number(values.rounds))));
      console.error(`${scenario.name}: ${short((performance.now() - startMs) / 1000)} s`);
    }
  } finally {
    await load.end();
    await servers.end();
  }
  console.log(table(['', 'ours', 'socket.io', 'bare ws', 'raw TCP', 'better by', 'spread'], rows));
}

/** What the servers are made to do, and what of it is measured. Less is better in each figure. */
import type { Cost } from '../support/measure.ts';
import type { WorkerProcess } from '../support/worker-process.ts';
import type { Mode, SubjectName } from './subjects.ts';

export interface Bench {
  readonly server: WorkerProcess;
  readonly load: WorkerProcess;
  readonly port: number;
  /** How often a scenario works before it measures: more in the first round, when no code is compiled yet. */
  readonly warmUp: number;
}

export type Figures = Readonly<Record<string, number>>;

export interface Scenario {
  readonly name: string;
  /** What one figure is of. */
  readonly unit: string;
  /** Those that can do it; the others only stand beneath them as floors. */
  readonly subjects: readonly SubjectName[];
  readonly mode: Mode;
  /** Whether the server must not have done anything before, because memory is measured. */
  readonly fresh: boolean;
  /** Rounds, if its figures hardly differ from one to the next. */
  readonly enoughRounds?: number;
  run(bench: Bench): Promise<Figures>;
}

const all: readonly SubjectName[] = ['ours', 'official', 'ws', 'tcp'];
const both: readonly SubjectName[] = ['ours', 'official'];

/** Processor time of the server per unit, in microseconds; the part of it outside the kernel beside it. */
async function perUnit({ server }: Bench, units: number, work: () => Promise<unknown>): Promise<Figures> {
  await server.call('startMeasuring');
  await work();
  const { cpuSeconds, userSeconds } = await server.call<Cost>('cost');
  return { 'CPU µs': (cpuSeconds * 1e6) / units, 'user µs': (userSeconds * 1e6) / units };
}

/** Emits so often as one call of the server does, and waits each time until all have all of it. */
async function deliver(
  { server, load }: Bench,
  work: { call: string; events: number; packets: number; times: number },
) {
  for (let i = 0; i < work.times; i += 1) {
    await load.call('expect', work.packets);
    await server.call(work.call, work.events);
    await load.call('received');
  }
}

function fanOut(clients: number, events: number, times: number): Scenario {
  return {
    name: `fan-out to ${clients}, ${events} per tick`,
    unit: 'delivery',
    subjects: all,
    mode: 'plain',
    fresh: false,
    async run(bench) {
      await bench.load.call('connect', bench.port, clients);
      const work = { call: 'emit', events, packets: clients * events };
      await deliver(bench, { ...work, times: Math.ceil(times * bench.warmUp) });
      return perUnit(bench, clients * events * times, () => deliver(bench, { ...work, times }));
    },
  };
}

function compressedFanOut(clients: number, times: number): Scenario {
  return {
    name: `compressed fan-out of 4 kB to ${clients}`,
    unit: 'delivery',
    subjects: both,
    mode: 'deflate',
    fresh: false,
    async run(bench) {
      await bench.load.call('connect', bench.port, clients, true);
      const work = { call: 'emitPage', events: 1, packets: clients };
      await deliver(bench, { ...work, times: Math.ceil(times * bench.warmUp) });
      return perUnit(bench, clients * times, () => deliver(bench, { ...work, times }));
    },
  };
}

function acknowledged(clients: number, depth: number, total: number): Scenario {
  return {
    name: `acknowledged events from ${clients}, ${depth} deep`,
    unit: 'event',
    subjects: all,
    mode: 'plain',
    fresh: false,
    async run(bench) {
      await bench.load.call('connect', bench.port, clients);
      await bench.load.call('exchange', Math.ceil(total * bench.warmUp), depth);
      return perUnit(bench, total, () => bench.load.call('exchange', total, depth));
    },
  };
}

function polled(clients: number, times: number): Scenario {
  return {
    name: `long-polling: fan-out to ${clients}`,
    unit: 'delivery',
    subjects: both,
    mode: 'plain',
    fresh: false,
    async run(bench) {
      await bench.load.call('connectPolling', bench.port, clients);
      const work = { call: 'emit', events: 1, packets: clients };
      await deliver(bench, { ...work, times: Math.ceil(times * bench.warmUp) });
      return perUnit(bench, clients * times, () => deliver(bench, { ...work, times }));
    },
  };
}

function acknowledgedPolling(clients: number, total: number): Scenario {
  return {
    name: `long-polling: acknowledged events from ${clients}`,
    unit: 'event',
    subjects: both,
    mode: 'plain',
    fresh: false,
    async run(bench) {
      await bench.load.call('connectPolling', bench.port, clients);
      await bench.load.call('exchangePolling', Math.ceil(total * bench.warmUp));
      return perUnit(bench, total, () => bench.load.call('exchangePolling', total));
    },
  };
}

function latency(count: number): Scenario {
  return {
    name: 'latency of a single event and its acknowledgement, server idle',
    unit: 'event',
    subjects: all,
    mode: 'plain',
    fresh: false,
    async run({ load, port }) {
      await load.call('connect', port, 1);
      const took = (await load.call<number[]>('roundTrips', count, 1)).toSorted((a, b) => a - b);
      const at = (share: number): number => (took[Math.floor((took.length - 1) * share)] as number) * 1000;
      return { 'p50 µs': at(0.5), 'p99 µs': at(0.99) };
    },
  };
}

function connecting(count: number): Scenario {
  return {
    name: `connecting ${count}`,
    unit: 'connection',
    subjects: all,
    mode: 'plain',
    fresh: false,
    async run(bench) {
      const { load, port } = bench;
      await load.call('connect', port, Math.ceil(count * bench.warmUp));
      return perUnit(bench, count, () => load.call('connect', port, count));
    },
  };
}

interface Memory {
  readonly heapBytes: number;
  readonly residentBytes: number;
}

function idleConnections(count: number): Scenario {
  return {
    name: `${count} idle connections, server just started`,
    unit: 'connection',
    subjects: all,
    mode: 'plain',
    fresh: true,
    async run(bench) {
      const { server, load, port } = bench;
      await load.call('connect', port, 200);
      const before = await server.call<Memory>('memory');
      const costs = await perUnit(bench, count, () => load.call('connect', port, count));
      const after = await server.call<Memory>('memory');
      return {
        'CPU µs': costs['CPU µs'] ?? Number.NaN,
        'heap kB': (after.heapBytes - before.heapBytes) / count / 1000,
        'RSS kB': (after.residentBytes - before.residentBytes) / count / 1000,
      };
    },
  };
}

function recovery(packets: number, missed: number): Scenario {
  return {
    name: `recovery, ${packets.toLocaleString('en-US')} packets of 100 bytes kept`,
    unit: `all, and a session that missed ${missed}`,
    subjects: both,
    mode: 'recovery',
    fresh: true,
    enoughRounds: 1,
    async run({ server }) {
      const before = await server.call<Memory>('memory');
      await server.call('keepPackets', packets);
      const after = await server.call<Memory>('memory');
      const restoreMicroseconds = await server.call<number>('restore', missed);
      return { 'heap MB': (after.heapBytes - before.heapBytes) / 1e6, 'restore µs': restoreMicroseconds };
    },
  };
}

export const scenarios: readonly Scenario[] = [
  fanOut(500, 1, 60),
  fanOut(500, 10, 30),
  acknowledged(200, 1, 10_000),
  acknowledged(200, 10, 25_000),
  polled(100, 30),
  acknowledgedPolling(100, 2000),
  compressedFanOut(200, 5),
  latency(250),
  connecting(1000),
  idleConnections(1000),
  recovery(200_000, 100),
];

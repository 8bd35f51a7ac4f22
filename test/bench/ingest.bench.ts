/**
 * Readings acknowledged after the fsync: through the door and the store, beside one fsync per message with the same
 * file settings. One run on one disk; figures are medians of rounds in which the ways take turns.
 * `--rounds 5`, `--seconds 1.5` and `--folder /where/the/disk/is` change what is run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../hub/clock.ts';
import { IngestDoor } from '../../hub/ingest/ingest.ts';
import type { Ingest, IncomingReading } from '../../hub/ports.ts';
import { openForWriting, transact } from '../../hub/store/database.ts';
import { openStore } from '../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../support/fakes.ts';
import { startMeasuring } from './support/measure.ts';
import { median, short, spread } from './support/statistics.ts';
import { table } from './support/table.ts';

interface Round {
  readonly readingsPerSecond: number;
  readonly cpuMicroseconds: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
}

interface Way {
  readonly name: string;
  /** Works until the deadline. @returns readings acknowledged, and how long each acknowledgement took */
  run(deadlineMs: number): Promise<{ readonly readings: number; readonly acksMs: readonly number[] }>;
}

const source = { edge: 'mqtt', principal: 'bench' } as const;
const devices = 1000;

function incoming(index: number): IncomingReading {
  return { group: 'bench', device: `d${index % devices}`, metric: 'temperature', value: index / 8 };
}

/** So many callers, each with one delivery in flight. */
function throughTheDoor(door: Ingest, callers: number, pack: number): Way {
  let next = 0;
  return {
    name: `hub: ${callers} in flight, ${pack} reading${pack === 1 ? '' : 's'} a delivery`,
    async run(deadlineMs) {
      const acksMs: number[] = [];
      let readings = 0;
      const call = async (): Promise<void> => {
        for (let sentMs = performance.now(); sentMs < deadlineMs; sentMs = performance.now()) {
          const { accepted } = await door.accept({
            source,
            readings: Array.from({ length: pack }, () => incoming((next += 1))),
          });
          readings += accepted;
          acksMs.push(performance.now() - sentMs);
        }
      };
      await Promise.all(Array.from({ length: callers }, call));
      return { readings, acksMs };
    },
  };
}

/** What a hub does that stores each message before it answers, one after the other. */
function oneFsyncPerMessage(folder: string): Way & { close(): void } {
  const database = openForWriting(join(folder, 'peer.db'));
  const insert = database.prepare('INSERT INTO hot VALUES (NULL, ?, ?, ?, NULL, 0)');
  let next = 0;
  return {
    name: 'one fsync per message',
    async run(deadlineMs) {
      const acksMs: number[] = [];
      for (let sentMs = performance.now(); sentMs < deadlineMs; sentMs = performance.now()) {
        next += 1;
        transact(database, () => insert.run(next % devices, systemClock.nowUs(), next / 8));
        acksMs.push(performance.now() - sentMs);
      }
      return { readings: acksMs.length, acksMs };
    },
    close: () => database.close(),
  };
}

async function measure(way: Way, seconds: number): Promise<Round> {
  const cost = startMeasuring();
  const { readings, acksMs } = await way.run(performance.now() + seconds * 1000);
  const { wallSeconds, cpuSeconds } = cost();
  const sorted = acksMs.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return {
    readingsPerSecond: readings / wallSeconds,
    cpuMicroseconds: (cpuSeconds * 1e6) / readings,
    ackP50Ms: at(0.5),
    ackP99Ms: at(0.99),
  };
}

function report(results: ReadonlyMap<string, readonly Round[]>, baseline: string): string {
  const pick = (name: string, field: keyof Round): number[] =>
    (results.get(name) ?? []).map((round) => round[field]);
  const slow = median(pick(baseline, 'readingsPerSecond'));
  const head = ['', 'readings/s', 'spread', 'beside the peer', 'CPU µs/reading', 'ack p50 ms', 'ack p99 ms'];
  const rows = [...results.keys()].map((name) => {
    const rates = pick(name, 'readingsPerSecond');
    const rest = (['cpuMicroseconds', 'ackP50Ms', 'ackP99Ms'] as const).map((field) =>
      short(median(pick(name, field))),
    );
    return [
      name,
      short(median(rates)),
      `${short(spread(rates) * 100)} %`,
      `${short(median(rates) / slow)} ×`,
      ...rest,
    ];
  });
  return table(head, rows);
}

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1.5' },
      folder: { type: 'string', default: tmpdir() },
    },
  });
  const folder = mkdtempSync(join(values.folder, 'signalbox-bench-'));
  const base = { clock: systemClock, log: silentLog, counters: new CountersProbe() };
  const store = await openStore({ folder, ...base });
  const { journal, quarantine, inbox } = store;
  const door = new IngestDoor({ journal, quarantine, inbox, ...base, committed: () => undefined });
  const peer = oneFsyncPerMessage(folder);
  const ways: readonly Way[] = [
    peer,
    ...(
      [
        [1, 1],
        [1000, 1],
        [20, 100],
      ] as const
    ).map(([callers, pack]) => throughTheDoor(door, callers, pack)),
  ];
  const results = new Map<string, Round[]>(ways.map(({ name }) => [name, []]));
  try {
    for (let round = 0; round < Number(values.rounds); round += 1)
      for (const way of ways) results.get(way.name)?.push(await measure(way, Number(values.seconds)));
    console.log(
      `Acknowledged after the fsync, ${values.rounds} rounds of ${values.seconds} s in ${values.folder}:`,
    );
    console.log(report(results, peer.name));
    console.log('CPU covers all threads, and for the hub also what it merges into the history meanwhile.');
  } finally {
    peer.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

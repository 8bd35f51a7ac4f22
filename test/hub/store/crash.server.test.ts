/**
 * kill -9 at random moments: what was acknowledged is there. This shows that recovery is right, not that the disk was
 * asked to keep anything: the system keeps a dead process's writes. Only a power cut shows that.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import type { Journal } from '#ports';
import { openStore } from '../../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { temporaryFolder } from './temporary-file.ts';

const kills = 8;

interface Run {
  readonly epoch: string;
  /** value → offset */
  readonly acknowledged: ReadonlyMap<number, number>;
}

/** Kills the child after so many acknowledgements. */
async function runAndKill(folder: string, first: number, after: number): Promise<Run> {
  const file = join(import.meta.dirname, 'crash-child.ts');
  const child = spawn(process.execPath, [file, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const acknowledged = new Map<number, number>();
  let epoch = '';
  for await (const line of createInterface({ input: child.stdout })) {
    const [value, offset] = line.split(' ').map(Number);
    if (epoch === '') epoch = line;
    else if (value !== undefined && offset !== undefined) acknowledged.set(value, offset);
    if (acknowledged.size === after) child.kill('SIGKILL');
  }
  expect((await exit)[1]).toBe('SIGKILL');
  return { epoch, acknowledged };
}

async function journalOf(journal: Journal): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (let after = 0; ;) {
    const { readings, offset, more } = await journal.read(after, 5000);
    for (const one of readings) {
      expect(found.has(one.offset)).toBe(false);
      found.set(one.offset, Number(one.value));
    }
    if (!more) return found;
    after = offset;
  }
}

test('every acknowledged reading is there after kill -9, once, under its offset and in the history', async () => {
  const folder = temporaryFolder();
  const acknowledged = new Map<number, number>();
  const epochs = new Set<string>();
  for (let kill = 0; kill < kills; kill += 1) {
    const run = await runAndKill(folder, kill * 1e6, 100 + Math.floor(Math.random() * 3000));
    for (const [value, offset] of run.acknowledged) acknowledged.set(value, offset);
    epochs.add(run.epoch);
  }
  const counters = new CountersProbe();
  const store = await openStore({ folder, clock: new ManualClock(), log: silentLog, counters });
  try {
    const byOffset = await journalOf(store.journal);
    const lost = [...acknowledged].filter(([value, offset]) => byOffset.get(offset) !== value);
    expect(lost).toEqual([]);
    expect([...epochs]).toEqual([store.journal.epoch]);
    expect(store.journal.head()).toBe(Math.max(...byOffset.keys()));
    expect(new Set(byOffset.values()).size).toBe(byOffset.size);
    await store.merge();
    const { series } = await store.history.query('home', {
      devices: ['meter'],
      start: 0,
      end: 1e13,
      window: 86_400_000,
    });
    const counted = series.flatMap(({ buckets = [] }) => buckets.map(([, , , , count]) => count));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(byOffset.size);
    console.log(
      `${kills} kills: ${acknowledged.size} acknowledged, ${byOffset.size} stored, 0 lost, 0 doubled`,
    );
  } finally {
    await store.close();
  }
});

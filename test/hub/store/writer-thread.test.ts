import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AppendMessage, FromThread, ToThread } from '../../../hub/store/messages.ts';
import { StoreSeriesIndex } from '../../../hub/store/series-index.ts';
import { Turn } from '../../../hub/store/turn.ts';
import { upkeepLimits } from '../../../hub/store/upkeep.ts';
import { reading, temporaryFolder, unheard } from './temporary-file.ts';

function turnOf(rows: number, turn: number): AppendMessage {
  const gathered = new Turn(new StoreSeriesIndex([]));
  const readings = Array.from({ length: rows }, (_, index) => reading(index));
  gathered.add({ readings, events: [], principal: 'p' }, unheard, { atMs: 0, bytes: 0 });
  return gathered.toMessage(turn);
}

function start(file: string): Worker {
  const workerData = { file, upkeep: upkeepLimits };
  const worker = new Worker(new URL('../../../hub/store/writer-thread.ts', import.meta.url), { workerData });
  onTestFinished(async () => void (await worker.terminate()));
  return worker;
}

/**
 * All of it waits at the port when the thread begins, so that what it makes of it is certain.
 * @returns its first word, and then its answers, those of each commit together
 */
async function run(file: string, messages: readonly ToThread[]): Promise<readonly unknown[]> {
  const worker = start(file);
  const answers: unknown[] = [];
  worker.on('message', (message) => answers.push(message));
  for (const message of messages) worker.postMessage(message, []);
  await once(worker, 'exit');
  return answers;
}

/** Resolves when everything up to this offset is in the history. */
function mergedTo(worker: Worker, offset: number): Promise<unknown> {
  return new Promise((resolve) => {
    worker.on('message', (message: unknown) => {
      const last = Array.isArray(message) ? (message.at(-1) as FromThread) : undefined;
      if (last?.kind === 'moved' && last.merged === offset) resolve(last);
    });
  });
}

const newFile = (): string => join(temporaryFolder(), 'signalbox.db');
const close = { kind: 'close' } as const;

describe('The writer thread', () => {
  test('commits whatever has arrived as one group', async () => {
    const call = { kind: 'call', call: 4, name: 'probe', args: [] } as const;
    const [ready, group, ...others] = await run(newFile(), [
      turnOf(1, 1),
      turnOf(2, 2),
      call,
      turnOf(1, 3),
      close,
    ]);
    expect(ready).toMatchObject({ kind: 'ready', head: 0, merged: 0, tail: 1 });
    expect(group).toMatchObject([
      { kind: 'appended', turn: 1, first: 1, head: 1 },
      { kind: 'appended', turn: 2, first: 2, head: 3 },
      { kind: 'answer', call: 4 },
      { kind: 'appended', turn: 3, first: 4, head: 4 },
    ]);
    expect(others).toEqual([]);
  });

  test('bounds a group by its readings, without leaving anybody out', async () => {
    const turns = [turnOf(6000, 1), turnOf(4000, 2), turnOf(1, 3), turnOf(12_000, 4), turnOf(1, 5)];
    const [, ...groups] = await run(newFile(), [...turns, close]);
    expect(groups).toMatchObject([[{ turn: 1 }, { turn: 2 }], [{ turn: 3 }, { turn: 4 }], [{ turn: 5 }]]);
  });

  test('takes the time in passing: it ends no group, however long a commit takes', async () => {
    const tick = { kind: 'tick', nowMs: 1, wallMs: 1 } as const;
    const [, ...groups] = await run(newFile(), [tick, turnOf(1, 1), tick, tick, turnOf(1, 2), tick, close]);
    expect(groups).toMatchObject([[{ turn: 1 }, { turn: 2 }]]);
  });

  test('finishes what was posted before it closes, and leaves no log behind', async () => {
    const file = newFile();
    await run(file, [turnOf(3, 1), close]);
    expect(existsSync(`${file}-wal`)).toBe(false);
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare('SELECT count(*) AS n FROM hot').get()).toEqual({ n: 3 });
    database.close();
  });

  test('that cannot use the file says why, and ends', async () => {
    const file = newFile();
    const foreign = new DatabaseSync(file);
    foreign.exec('PRAGMA user_version = 999');
    foreign.close();
    expect(await run(file, [])).toEqual([
      { kind: 'broken', why: expect.stringContaining('written by a newer Signalbox') },
    ]);
  });

  test('merges between the groups until nothing is due', async () => {
    const worker = start(newFile());
    const moved = mergedTo(worker, 2500);
    worker.postMessage(turnOf(2500, 1), []);
    worker.postMessage({ kind: 'call', call: 1, name: 'merge', args: [] } satisfies ToThread, []);
    expect(await moved).toEqual({ kind: 'moved', merged: 2500, tail: 1 });
  });

  test('merges while there always is something to commit', async () => {
    const worker = start(newFile());
    const message = turnOf(2500, 1);
    const mostTurns = 200;
    let turns = 0;
    let merged = 0;
    const postTurn = (): void => worker.postMessage({ ...message, turn: (turns += 1) }, []);
    worker.on('message', (answers: FromThread | readonly FromThread[]) => {
      for (const answer of [answers].flat()) {
        if (answer.kind === 'moved') merged = answer.merged;
        else if (answer.kind === 'appended' && merged === 0 && turns < mostTurns) postTurn();
      }
    });
    for (let ahead = 0; ahead < 12; ahead += 1) postTurn();
    worker.postMessage({ kind: 'call', call: 1, name: 'merge', args: [] } satisfies ToThread, []);
    await vi.waitUntil(() => merged > 0 || turns === mostTurns, { timeout: 20_000 });
    expect(merged).toBeGreaterThan(0);
  });

  test('and goes on by itself after each rest, with nothing coming in', async () => {
    const worker = start(newFile());
    const moved = mergedTo(worker, 10_000);
    worker.postMessage(turnOf(10_000, 1), []);
    expect(await moved).toEqual({ kind: 'moved', merged: 10_000, tail: 1 });
  });
});

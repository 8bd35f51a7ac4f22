import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { CallDone, ToThread } from '../../../hub/store/messages.ts';
import { reading, t0, TemporaryFile } from './temporary-file.ts';

function start(file: string): Worker {
  const worker = new Worker(new URL('../../../hub/store/reader-thread.ts', import.meta.url), {
    workerData: { file },
  });
  onTestFinished(async () => void (await worker.terminate()));
  return worker;
}

test('The reader thread answers or refuses every call in its order, and ends when it is told to', async () => {
  const file = new TemporaryFile();
  await file.append({ readings: [reading(1)] });
  const worker = start(file.file);
  const answers: CallDone[] = [];
  worker.on('message', (replies: readonly CallDone[]) => answers.push(...replies));
  const calls: readonly (readonly [name: string, ...args: unknown[]])[] = [
    ['latestUnmerged'],
    ['nothing'],
    ['audit', 'not a number'],
    ['quarantineCount'],
  ];
  calls.forEach(([name, ...args], call) =>
    worker.postMessage({ kind: 'call', call, name, args } satisfies ToThread, []),
  );
  // Meant for the writer: here it is nobody's.
  worker.postMessage({ kind: 'tick', nowMs: 1, wallMs: 1 } satisfies ToThread, []);
  worker.postMessage({ kind: 'close' } satisfies ToThread, []);
  await once(worker, 'exit');
  expect(answers).toMatchObject([
    { kind: 'answer', call: 0, value: [{ value: 1, offset: 1 }] },
    { kind: 'refusal', call: 1, why: 'The reader knows no call nothing.' },
    { kind: 'refusal', call: 2, why: 'datatype mismatch' },
    { kind: 'answer', call: 3, value: 0 },
  ]);
});

test('What is asked while a long question is worked on is answered before it', async () => {
  const file = new TemporaryFile();
  await file.append({ readings: [reading(1)] });
  file.mergeAll();
  const seconds = 400_000;
  const database = new DatabaseSync(file.file);
  database.exec(`
    INSERT INTO raw (series, time, sub, value, text, flags)
    WITH RECURSIVE second (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM second WHERE n < ${seconds})
    SELECT 1, ${t0} + n * 1000000, 0, n, NULL, 0 FROM second`);
  database.close();
  const worker = start(file.file);
  const answers: CallDone[] = [];
  const all = new Promise<void>((resolve) => {
    worker.on('message', (replies: readonly CallDone[]) => {
      answers.push(...replies);
      if (answers.length === 4) resolve();
    });
  });
  const start0 = t0 / 1000;
  const of = (length: number, window: number): unknown => {
    return { devices: ['meter'], start: start0, end: start0 + length * 1000, window };
  };
  const calls: readonly (readonly [name: string, ...args: unknown[]])[] = [
    // No tier is as fine: each second of it is read.
    ['history', 'home', of(seconds, 59_000)],
    ['history', 'home', of(seconds, 59_000)],
    ['history', 'home', of(3600, 59_000)],
    ['quarantineCount'],
  ];
  calls.forEach(([name, ...args], call) =>
    worker.postMessage({ kind: 'call', call, name, args } satisfies ToThread, []),
  );
  await all;
  const order = answers.map(({ call }) => call);
  expect(new Set(order.slice(0, 2))).toEqual(new Set([2, 3]));
  expect(answers.map(({ kind }) => kind)).toEqual(Array(4).fill('answer'));
});

test('A reader thread without a file to read ends with the error', async () => {
  const worker = start('/nowhere/signalbox.db');
  const [error] = await once(worker, 'error');
  expect(error).toMatchObject({ message: expect.stringContaining('unable to open database file') });
});

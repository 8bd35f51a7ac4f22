import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { CallDone, ToThread } from '../../../hub/store/messages.ts';
import { reading, TemporaryFile } from './temporary-file.ts';

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

test('A reader thread without a file to read ends with the error', async () => {
  const worker = start('/nowhere/signalbox.db');
  const [error] = await once(worker, 'error');
  expect(error).toMatchObject({ message: expect.stringContaining('unable to open database file') });
});

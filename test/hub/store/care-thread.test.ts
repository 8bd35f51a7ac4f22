import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { CareJob } from '../../../hub/store/care-thread.ts';
import { temporaryFolder, TemporaryFile } from './temporary-file.ts';

const thread = new URL('../../../hub/store/care-thread.ts', import.meta.url);
const run = (job: CareJob): Worker => new Worker(thread, { workerData: job });

test('a check answers with what is wrong', async () => {
  const { file } = new TemporaryFile();
  expect(await once(run({ kind: 'check', file }), 'message')).toEqual([[]]);
});

test('a backup that fails ends the thread with its error', async () => {
  const { file } = new TemporaryFile();
  const target = join(temporaryFolder(), 'missing', 'x');
  const [error] = await once(run({ kind: 'backup', file, target }), 'error').catch((reason: unknown) => [
    reason,
  ]);
  expect(error).toBeInstanceOf(Error);
});

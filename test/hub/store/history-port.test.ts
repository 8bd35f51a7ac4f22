import { expect, test } from 'vitest';
import { historyPort } from '../../../hub/store/history-port.ts';
import type { ReaderThread } from '../../../hub/store/threads.ts';

const reader = {
  call: async () => ({ tooManySeries: 101 }),
} as unknown as ReaderThread;

test('more series than one query may ask for are refused, in ranges and last values alike', async () => {
  const history = historyPort(reader);
  const refused = { status: 422, code: 'too-many-series' };
  await expect(history.query('g', { devices: ['d'], start: 0, end: 1 })).rejects.toMatchObject(refused);
  await expect(history.lastAt('g', { devices: ['d'] })).rejects.toMatchObject(refused);
});

test('the newest readings come in pages, those that are not merged yet first', async () => {
  const asked: unknown[][] = [];
  const answers = [['fresh'], { readings: ['a', 'b'], last: 7 }, { readings: [], last: undefined }];
  const call = async (...args: unknown[]): Promise<unknown> => {
    asked.push(args);
    return answers.shift();
  };
  const pages = await Array.fromAsync(historyPort({ call } as unknown as ReaderThread).latest());
  expect(pages).toEqual([['fresh'], ['a', 'b']]);
  expect(asked.map(([name, after]) => [name, after])).toEqual([
    ['latestUnmerged', undefined],
    ['latestMerged', 0],
    ['latestMerged', 7],
  ]);
});

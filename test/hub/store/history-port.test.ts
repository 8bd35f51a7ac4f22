import { expect, test } from 'vitest';
import { historyPort } from '../../../hub/store/history-port.ts';
import type { ReaderThread } from '../../../hub/store/threads.ts';

const reader = {
  call: async (name: string) => (name === 'latest' ? [] : { tooManySeries: 101 }),
} as unknown as ReaderThread;

test('more series than one query may ask for are refused, in ranges and last values alike', async () => {
  const history = historyPort(reader);
  const refused = { status: 422, code: 'too-many-series' };
  await expect(history.query('g', { devices: ['d'], start: 0, end: 1 })).rejects.toMatchObject(refused);
  await expect(history.lastAt('g', { devices: ['d'] })).rejects.toMatchObject(refused);
  expect(await history.latest()).toEqual([]);
});

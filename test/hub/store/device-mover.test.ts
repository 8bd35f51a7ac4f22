import { expect, test } from 'vitest';
import { deviceMover } from '../../../hub/store/device-mover.ts';
import { StoreSeriesIndex } from '../../../hub/store/series-index.ts';
import type { ReaderThread, WriterThread } from '../../../hub/store/threads.ts';

const from = { group: 'home', device: 'meter' };
const to = { group: 'attic', device: 'sensor' };

test('what this turn has gathered goes ahead; a repeat after a failure asks for the same', async () => {
  const calls: unknown[] = [];
  const series = new StoreSeriesIndex([]);
  const id = series.add({ ...from, metric: 'power' });
  let isFailing = true;
  const writer = {
    call: async (...args: unknown[]) => {
      calls.push(args);
      if (isFailing) throw new Error('disk full');
    },
  } as unknown as WriterThread;
  const reader = { call: async (...args: unknown[]) => void calls.push(args) } as unknown as ReaderThread;
  const move = deviceMover({ series, writer, reader, flush: () => void calls.push('flush') });
  await expect(move(from, to)).rejects.toThrow('disk full');
  isFailing = false;
  await move(from, to);
  const asked = ['moveDevice', from, to, [{ id, tags: '' }]];
  expect(calls).toEqual(['flush', asked, 'flush', asked, ['forgetSeries', [id]]]);
});

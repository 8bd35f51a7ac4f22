import { expect, test } from 'vitest';
import { SubscribedFilters } from '../../../bridges/mqtt/subscribed-filters.ts';
import { MemoryState } from './memory-state.ts';

test('what an earlier plan asked for is told until it was given up, over a restart too', async () => {
  const store = new MemoryState();
  expect(await new SubscribedFilters(store, 'a').add(['#', '$share/old/#'])).toEqual([]);
  const restarted = new SubscribedFilters(store, 'a');
  expect(await restarted.add(['#'])).toEqual(['$share/old/#']);
  await restarted.remove(['$share/old/#']);
  expect(await restarted.add(['#'])).toEqual([]);
  expect(await new SubscribedFilters(store, 'a').add(['#'])).toEqual([]);
});

test('sessions are told apart, and the same plan again writes nothing', async () => {
  const store = new MemoryState();
  await new SubscribedFilters(store, 'a').add(['#']);
  expect(await new SubscribedFilters(store, 'b').add(['$SYS/#'])).toEqual([]);
  const before = store.transactions;
  await new SubscribedFilters(store, 'a').add(['#']);
  expect(store.transactions).toBe(before);
});

test('what cannot be remembered is not asked for', async () => {
  const store = new MemoryState();
  store.failing = new Error('full');
  const filters = new SubscribedFilters(store, 'a');
  await expect(filters.add(['$share/x/#'])).rejects.toThrow('full');
  store.failing = undefined;
  expect(await filters.add(['#'])).toEqual([]);
});

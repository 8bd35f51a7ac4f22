import { describe, expect, test } from 'vitest';
import { DeviceBook } from '../../../hub/devices/device-book.ts';
import type { DeviceQuery } from '#ports';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeDeviceStore } from './fake-device-store.ts';

async function bookOf(known: readonly string[]): Promise<DeviceBook> {
  const parts = { clock: new ManualClock(), log: silentLog, counters: new CountersProbe() };
  const book = await DeviceBook.open({ store: new FakeDeviceStore(), ...parts });
  for (const name of known) {
    const [group = '', device = ''] = name.split('/');
    book.register({ group, device });
  }
  return book;
}

function names(book: DeviceBook, query: Partial<DeviceQuery> = {}): string[] {
  return book.select({ groups: '*', limit: 100, ...query }).map(({ group, device }) => `${group}/${device}`);
}

describe('Pages of devices', () => {
  test('are in the order of group and id and go on after a name, whether it is still there or not', async () => {
    const book = await bookOf(['b/2', 'a/9', 'b/1', 'a/10', 'c/1']);
    expect(names(book)).toEqual(['a/10', 'a/9', 'b/1', 'b/2', 'c/1']);
    expect(names(book, { after: { group: 'a', device: '9' }, limit: 2 })).toEqual(['b/1', 'b/2']);
    expect(names(book, { after: { group: 'b', device: '15' } })).toEqual(['b/2', 'c/1']);
    expect(names(book, { groups: ['c', 'a', 'c'], after: { group: 'a', device: '10' } })).toEqual([
      'a/9',
      'c/1',
    ]);
  });

  test('a device that comes between two pages is found in its place', async () => {
    const book = await bookOf(['a/1', 'a/3']);
    expect(names(book, { limit: 1 })).toEqual(['a/1']);
    book.register({ group: 'a', device: '2' });
    expect(names(book, { after: { group: 'a', device: '1' } })).toEqual(['a/2', 'a/3']);
  });

  test('10,000 devices are filtered as one types', async () => {
    const book = await bookOf([]);
    for (let at = 0; at < 10_000; at += 1) book.register({ group: 'plant', device: `pump-${at}` });
    expect(names(book, { text: 'pump-99', limit: 1000 })).toHaveLength(111);
    const begin = performance.now();
    for (const text of ['p', 'pu', 'pump-9', 'pump-99', 'pump-999']) names(book, { text, limit: 100 });
    // Five keystrokes; about 5 ms on one idle core.
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});

import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { TokenRow } from '#ports';
import { openStore, type OpenStore, type StoreOptions } from '../../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { event, reading, t0, temporaryFolder } from './temporary-file.ts';

const clock = new ManualClock();

async function open(options: Partial<StoreOptions> = {}): Promise<OpenStore> {
  const counters = new CountersProbe();
  const folder = options.folder ?? temporaryFolder();
  const store = await openStore({ clock, log: silentLog, counters, ...options, folder });
  onTestFinished(() => store.close());
  return store;
}

const token: TokenRow = { id: 't', name: 'n', role: 'admin', groups: '*', createdAt: 1, secretHash: 'aa' };

const batch = (...readings: readonly ReturnType<typeof reading>[]) => ({
  readings,
  events: [],
  principal: 'p',
});

describe('The store', () => {
  test('takes readings, shows them by offset and by time, and merges them', async () => {
    const store = await open();
    const commit = await store.journal.append({ ...batch(reading(1)), events: [event('boot')] });
    expect(commit).toEqual({ readingOffsets: [1], eventOffsets: [2], offset: 2 });
    expect([store.journal.head(), store.journal.tail()]).toEqual([2, 1]);
    expect((await store.journal.read(0, 10)).readings).toEqual([{ ...reading(1), offset: 1 }]);
    await store.merge();
    expect(await store.status()).toMatchObject({ head: 2, merged: 2, series: 1, bytes: expect.any(Number) });
    const query = { devices: ['meter'], start: t0 / 1000, end: t0 / 1000 + 1 };
    expect(await store.history.query('home', query)).toMatchObject({
      series: [{ points: [[t0 / 1000, 1]] }],
    });
    expect(await store.history.events('home', {})).toMatchObject([{ name: 'boot' }]);
    expect((await Array.fromAsync(store.history.latest())).flat()).toMatchObject([{ value: 1, offset: 1 }]);
  });

  test('goes on with the same epoch, offsets, series and records after a restart', async () => {
    const folder = temporaryFolder();
    const first = await open({ folder });
    await first.journal.append(batch(reading(1, { tags: { cpu: '0' } })));
    await first.tokens.saveToken(token);
    await first.close();
    const second = await open({ folder });
    expect(second.journal.epoch).toBe(first.journal.epoch);
    expect(second.journal.head()).toBe(1);
    expect(second.journal.series.find({ ...reading(1), tags: { cpu: '0' } })).toBe(1);
    expect((await second.tokens.load()).tokens).toEqual([token]);
  });

  test('finishes on closing what was appended, and then takes nothing more', async () => {
    const store = await open();
    const last = store.journal.append(batch(reading(1)));
    await store.close();
    expect((await last).readingOffsets).toEqual([1]);
    await expect(store.journal.append(batch(reading(2)))).rejects.toMatchObject({
      name: 'TryAgainError',
      code: 'not-stored',
    });
  });

  test('refuses a query over too many series with an error for the caller', async () => {
    const store = await open();
    const readings = Array.from({ length: limits.historySeries + 1 }, (_, index) =>
      reading(1, { metric: `m${index}` }),
    );
    await store.journal.append(batch(...readings));
    await expect(
      store.history.query('home', { devices: ['meter'], start: 0, end: 1e13 }),
    ).rejects.toMatchObject({
      name: 'RequestError',
      status: 422,
      code: 'too-many-series',
    });
  });
});

describe('A folder that cannot serve', () => {
  test('because another hub uses it, is told in one sentence', async () => {
    const folder = temporaryFolder();
    const store = await open({ folder });
    await expect(open({ folder })).rejects.toThrow(`Another hub is using the data folder ${folder}`);
    await store.close();
    await open({ folder });
  });

  test('because its file is none of ours, is told in one sentence and left as it is', async () => {
    const folder = temporaryFolder();
    const foreign = new DatabaseSync(join(folder, 'signalbox.db'));
    foreign.exec('PRAGMA user_version = 999');
    foreign.close();
    await expect(open({ folder })).rejects.toThrow('The database was written by a newer Signalbox');
    await expect(open({ folder })).rejects.toThrow('The database was written by a newer Signalbox');
  });
});

describe('When nothing can be stored', () => {
  test('nothing is acknowledged, the status says why, and it recovers by itself', async () => {
    const folder = temporaryFolder();
    const ownClock = new ManualClock();
    const store = await open({ folder, clock: ownClock });
    const disturber = new DatabaseSync(join(folder, 'signalbox.db'));
    disturber.exec('BEGIN IMMEDIATE');
    await expect(store.journal.append(batch(reading(1)))).rejects.toMatchObject({ code: 'not-stored' });
    expect((await store.status()).failing).toBe('database is locked');
    disturber.close();
    ownClock.advance(1000);
    // The probe was sent before it, and the writer answers in order.
    await store.journal.release('nobody');
    expect((await store.status()).failing).toBeUndefined();
    expect((await store.journal.append(batch(reading(1)))).readingOffsets).toEqual([1]);
  });
});

describe('While the disk is all but full', () => {
  test('nothing is taken in, the status says why, commands and logins go on, and it recovers by itself', async () => {
    const ownClock = new ManualClock();
    let freeBytes = 100;
    const store = await open({ clock: ownClock, diskOf: async () => ({ freeBytes, totalBytes: 100 }) });
    const isLeft = async (bytes: number, state: string): Promise<void> => {
      freeBytes = bytes;
      ownClock.advance(1000);
      await expect.poll(async () => (await store.status()).disk?.state).toBe(state);
    };
    await isLeft(1, 'full');
    await expect(store.journal.append(batch(reading(1)))).rejects.toMatchObject({ code: 'disk-full' });
    expect(await store.status()).toMatchObject({
      failing: expect.stringContaining('of the disk are free'),
      disk: { state: 'full', freeBytes: 1, totalBytes: 100 },
    });
    await store.tokens.saveToken(token);
    await isLeft(100, 'enough');
    expect(await store.journal.append(batch(reading(1)))).toMatchObject({ offset: 1 });
    expect((await store.status()).failing).toBeUndefined();
  });
});

describe('A store that is followed', () => {
  const spool = { maxBytes: 96, refuseWhenFull: true };

  test('remembers how far the follower came, and says what waits', async () => {
    const folder = temporaryFolder();
    const first = await open({ folder, spool });
    await first.journal.append(batch(reading(1), reading(2, { timeUs: t0 + 1 })));
    expect((await first.status()).spool).toEqual({
      waiting: 2,
      bytes: 64,
      maxBytes: 96,
      ageSeconds: 0,
    });
    await first.follower?.moveTo(1);
    await first.close();
    clock.advance(4000);
    const second = await open({ folder, spool });
    expect(second.follower?.position()).toBe(1);
    const left = { waiting: 1, bytes: 32, maxBytes: 96, ageSeconds: 4 };
    expect((await second.status()).spool).toEqual(left);
  });

  test('was not followed before: what waits is as old as it says itself', async () => {
    const folder = temporaryFolder();
    const first = await open({ folder });
    const minuteAgo = clock.nowUs() - 60_000_000;
    await first.journal.append(batch(reading(1, { timeUs: minuteAgo }), reading(2)));
    await first.close();
    const second = await open({ folder, spool });
    expect((await second.status()).spool).toMatchObject({ waiting: 2, ageSeconds: 60 });
    expect((await second.follower?.read(0, 10))?.readings.map(({ value }) => value)).toEqual([1, 2]);
  });

  test('takes nothing more while the spool is full, and takes again when it is not', async () => {
    const store = await open({ spool });
    const four = [0, 1, 2, 3].map((n) => reading(n, { timeUs: t0 + n }));
    await store.journal.append(batch(...four));
    await expect(store.journal.append(batch(reading(5)))).rejects.toMatchObject({ code: 'spool-full' });
    await store.follower?.moveTo(4);
    expect(await store.journal.append(batch(reading(5)))).toMatchObject({ offset: 5 });
  });

  test('without a follower there is no spool', async () => {
    const store = await open();
    expect([store.follower, (await store.status()).spool]).toEqual([undefined, undefined]);
  });
});

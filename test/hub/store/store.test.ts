import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { CommandRecord } from '#contract/command.ts';
import type { TokenRow } from '#ports';
import { openStore, type OpenStore, type StoreOptions } from '../../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { event, makeFolder, reading, t0, temporaryFolder } from './temporary-file.ts';

const clock = new ManualClock();

async function open(options: Partial<StoreOptions> = {}): Promise<OpenStore> {
  const counters = new CountersProbe();
  const folder = options.folder ?? temporaryFolder();
  const store = await openStore({ clock, log: silentLog, counters, ...options, folder });
  onTestFinished(() => store.close());
  return store;
}

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
    expect(await store.history.latest()).toMatchObject([{ value: 1, offset: 1 }]);
  });

  test('goes on with the same epoch, offsets and series after a restart', async () => {
    const folder = temporaryFolder();
    const first = await open({ folder });
    await first.journal.append(batch(reading(1, { tags: { cpu: '0' } })));
    await first.close();
    const second = await open({ folder });
    expect(second.journal.epoch).toBe(first.journal.epoch);
    expect(second.journal.head()).toBe(1);
    expect(second.journal.series.find({ ...reading(1), tags: { cpu: '0' } })).toBe(1);
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
    const readings = Array.from({ length: 101 }, (_, index) => reading(1, { metric: `m${index}` }));
    await store.journal.append(batch(...readings));
    await expect(store.history.query('home', { devices: ['meter'], start: 0 })).rejects.toMatchObject({
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

describe('The records of the control plane', () => {
  let store: OpenStore;
  let folder: string;
  beforeAll(async () => {
    folder = makeFolder();
    store = await openStore({ folder, clock, log: silentLog, counters: new CountersProbe() });
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  test('devices are saved and loaded as they were', async () => {
    const device = { group: 'home', device: 'lamp', title: 'Lamp', createdAt: 1 };
    const record = { ...device, labels: { room: 'hall' }, metrics: [], controls: [], reported: { on: true } };
    await store.devices.save([record]);
    await store.devices.save([{ ...record, title: 'Light' }]);
    expect(await store.devices.load()).toEqual([{ ...record, title: 'Light' }]);
  });

  test('a command is inserted once and moves only from the state it was read with', async () => {
    const { commands } = store;
    const command: CommandRecord = {
      group: 'home',
      id: 'c1',
      device: 'lamp',
      name: 'set',
      args: { on: true },
      state: 'queued',
      principal: 'p',
      requestedBy: 'Ann',
      createdAt: 1,
      deadline: 2,
      waitForDevice: false,
      history: [],
    };
    expect(await commands.insert(command)).toEqual({ created: true, command });
    expect(await commands.insert({ ...command, name: 'other' })).toEqual({ created: false, command });
    const sent: CommandRecord = { ...command, state: 'sent' };
    expect(await commands.update(sent, 'queued')).toBe(true);
    expect(await commands.update(sent, 'queued')).toBe(false);
    expect(await commands.open()).toEqual([sent]);
    const done: CommandRecord = { ...command, state: 'succeeded' };
    await commands.update(done, 'sent');
    await commands.insert({ ...command, id: 'c2' });
    expect((await commands.open()).map(({ id }) => id)).toEqual(['c2']);
    expect(await commands.get('home', 'c1')).toEqual(done);
    expect(await commands.get('home', 'nobody')).toBeUndefined();
    expect((await commands.list('home', { limit: 9 })).map(({ id }) => id)).toEqual(['c2', 'c1']);
    expect(await commands.list('home', { device: 'other', limit: 9 })).toEqual([]);
  });

  test('a session ends for exactly one caller, and expired ones are swept', async () => {
    const { tokens } = store;
    const token: TokenRow = {
      id: 't',
      name: 'n',
      role: 'admin',
      groups: '*',
      createdAt: 1,
      secretHash: 'aa',
    };
    const session = { idHash: 's', kind: 'session', tokenId: 't', createdAt: 1, expiresAt: 10 } as const;
    await tokens.saveToken(token);
    await tokens.saveSession(session);
    expect(await tokens.load()).toEqual({ tokens: [token], sessions: [session] });
    await tokens.saveSession({ ...session, idHash: 's2', createdAt: 11, expiresAt: 20 });
    expect((await tokens.load()).sessions.map(({ idHash }) => idHash)).toEqual(['s2']);
    const ended = await Promise.all([tokens.deleteSession('s2'), tokens.deleteSession('s2')]);
    expect(ended).toEqual([true, false]);
  });

  test('audit, quarantine and inbox list the newest first', async () => {
    const { audit, quarantine, inbox } = store;
    const entry = { at: 1, principal: 'p', action: 'token:create', target: 't', outcome: 'ok' };
    await audit.append(entry);
    await audit.append({ ...entry, at: 2 });
    expect(await audit.list(1)).toEqual([{ ...entry, at: 2 }]);
    const source = { edge: 'mqtt', principal: 'p', topic: 'a/b' } as const;
    const raw = { bytes: new Uint8Array([1, 2]), contentType: 'text/plain' };
    await quarantine.add({ source, code: 'bad', message: 'No.', raw }, 5);
    expect(await quarantine.list(9)).toEqual([{ id: 1, at: 5, source, code: 'bad', message: 'No.', raw }]);
    expect(await quarantine.count()).toBe(1);
    const item = { topic: 'a/b', payload: new Uint8Array([1]), principal: 'p', why: 'No mapping.' };
    await inbox.note(item, 1);
    await inbox.note({ ...item, payload: new Uint8Array([2]) }, 2);
    await inbox.note({ ...item, topic: 'c' }, 3);
    expect(await inbox.list(9)).toMatchObject([
      { topic: 'c', count: 1 },
      { topic: 'a/b', count: 2, firstSeen: 1, lastSeen: 2, payload: new Uint8Array([2]) },
    ]);
  });
});

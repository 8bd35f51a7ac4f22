/** ARCHITECTURE §2, "What a reading is": its six examples, through the door and the real store. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Committed, Delivery, Ingest, IncomingEvent, IncomingReading } from '#ports';
import { HistoryService } from '../../hub/history/history.ts';
import { IngestDoor } from '../../hub/ingest/ingest.ts';
import { openStore, type OpenStore } from '../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../support/fakes.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { makeFolder } from './store/temporary-file.ts';

const source = { edge: 'mqtt', principal: 'p' } as const;
const clock = new ManualClock();
const counters = new CountersProbe();
const nowUs = clock.nowUs();
/** Each test has a group of its own. */
let group: string;
let groups = 0;
let folder: string;
let store: OpenStore;
let door: Ingest;
let history: HistoryService;
let told: Committed[] = [];

function committed(batch: Committed): void {
  told.push(batch);
}

function openDoor(): void {
  const { journal, quarantine, inbox } = store;
  door = new IngestDoor({ journal, quarantine, inbox, clock, log: silentLog, counters, committed });
  history = new HistoryService({ readings: store.history, store: store.history, clock });
}

async function restart(): Promise<void> {
  await store.close();
  store = await openStore({ folder, clock, log: silentLog, counters });
  openDoor();
}

beforeAll(async () => {
  folder = makeFolder();
  store = await openStore({ folder, clock, log: silentLog, counters });
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  group = `g${(groups += 1)}`;
  told = [];
  openDoor();
});

type Reading = Omit<IncomingReading, 'group' | 'device'> & { readonly device?: string };

function deliver(readings: readonly Reading[], fields: Partial<Delivery> = {}) {
  return door.accept({
    source,
    readings: readings.map((one) => ({ group, device: 'd', ...one })),
    ...fields,
  });
}

/** `metric{tags}` → values in order of time, before the merge and after it: both must agree. */
async function stored(): Promise<Record<string, unknown[]>> {
  const fresh = await show();
  await store.merge();
  expect(await show()).toEqual(fresh);
  return fresh;
}

async function show(): Promise<Record<string, unknown[]>> {
  const { series } = await history.query(group, { devices: ['d'], start: nowUs / 1000 - 86_400_000 });
  return Object.fromEntries(
    series.map(({ metric, tags, points }) => [
      `${metric}${tags === undefined ? '' : JSON.stringify(tags)}`,
      (points ?? []).map(([, value]) => value),
    ]),
  );
}

describe('Example 1: tags are part of what a series is', () => {
  test('one batch with two cores at the same instant stores both', async () => {
    const idle = { metric: 'cpu.usage_idle', timeUs: nowUs };
    const cores = [
      { ...idle, tags: { host: 'a', cpu: 'cpu0' }, value: 97 },
      { ...idle, tags: { host: 'a', cpu: 'cpu1' }, value: 12 },
    ];
    expect((await deliver(cores)).accepted).toBe(2);
    expect(await stored()).toEqual({
      'cpu.usage_idle{"cpu":"cpu0","host":"a"}': [97],
      'cpu.usage_idle{"cpu":"cpu1","host":"a"}': [12],
    });
  });
});

describe('Example 2: the hub’s own times never collide', () => {
  test('two scalar messages without time in the same microsecond are two readings', async () => {
    await Promise.all([deliver([{ metric: 't', value: 20 }]), deliver([{ metric: 't', value: 20 }])]);
    expect(await stored()).toEqual({ t: [20, 20] });
  });
});

describe('Example 3: a repeat that its sender identifies is one reading', () => {
  test('by its own time: the same line posted twice is stored once', async () => {
    const line = { metric: 't', timeUs: nowUs, value: 21.5 };
    await deliver([line]);
    await deliver([line]);
    expect(await stored()).toEqual({ t: [21.5] });
  });

  test('by its id, at another time and across a restart', async () => {
    await deliver([{ metric: 't', value: 1, id: 'a' }]);
    await restart();
    const receipt = await deliver([{ metric: 't', value: 1, id: 'a' }]);
    expect(receipt.accepted).toBe(1);
    expect(await stored()).toEqual({ t: [1] });
  });

  test('by its QoS 2 packet id, until the id is released', async () => {
    const exactlyOnce = { clientId: `client of ${group}`, packetId: 1 };
    await deliver([{ metric: 't', value: 1 }], { exactlyOnce });
    await deliver([{ metric: 't', value: 1 }], { exactlyOnce, possibleDuplicate: true });
    expect(await stored()).toEqual({ t: [1] });
  });

  test('one that nothing identifies may appear twice, marked as a possible duplicate', async () => {
    await deliver([{ metric: 't', value: 1 }]);
    await deliver([{ metric: 't', value: 1 }], { possibleDuplicate: true });
    expect(told.flatMap(({ readings }) => readings.map((one) => one.possibleDuplicate ?? false))).toEqual([
      false,
      true,
    ]);
    expect(await stored()).toEqual({ t: [1, 1] });
  });
});

describe('Example 4: different values of one instant are both kept', () => {
  test('a device whose clock has seconds sends 1.0 then 2.0 with the same second', async () => {
    const timeUs = Math.floor(nowUs / 1e6) * 1e6;
    await deliver([{ metric: 't', timeUs, value: 1 }]);
    await deliver([{ metric: 't', timeUs, value: 2 }]);
    expect(await stored()).toEqual({ t: [1, 2] });
  });
});

/** On both brokers, and through ten restarts of a whole hub: `test/scenarios/retained.test.ts`. */
describe('Example 5: only a retained replay is state', () => {
  const values = Array.from({ length: 100 }, (_, index) => index);

  test('a live stream of 100 values gives 100 points', async () => {
    for (const value of values) await deliver([{ metric: 't', value }]);
    expect(await stored()).toEqual({ t: values });
  });

  test('the replay of the last value after each restart seeds the latest value and adds no point', async () => {
    for (const value of values) await deliver([{ metric: 't', value }]);
    for (let start = 0; start < 3; start += 1) {
      await restart();
      told = [];
      await deliver([], { state: [{ group, device: 'd', metric: 't', value: 99 }] });
      expect(told).toMatchObject([{ readings: [], state: [{ metric: 't', value: 99 }] }]);
    }
    expect(await stored()).toEqual({ t: values });
  });
});

describe('Example 6: an event is something that happened', () => {
  test('a double press within 100 ms arrives as two events, live and in history', async () => {
    const press: IncomingEvent = { group, device: 'd', name: 'press', data: { button: 1 } };
    await door.accept({ source, readings: [], events: [press] });
    await door.accept({ source, readings: [], events: [press] });
    const live = told.flatMap(({ events }) => events);
    expect(live).toMatchObject([press, press]);
    expect(live[1]!.offset).toBeGreaterThan(live[0]!.offset);
    expect(await history.events(group, { device: 'd' })).toMatchObject([press, press]);
  });
});

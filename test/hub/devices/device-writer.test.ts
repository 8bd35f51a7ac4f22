import { describe, expect, test } from 'vitest';
import { DeviceEntry } from '../../../hub/devices/device-entry.ts';
import { DeviceWriter } from '../../../hub/devices/device-writer.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { settle } from '../../support/commits.ts';
import { FakeDeviceStore } from './fake-device-store.ts';

function entry(device: string): DeviceEntry {
  return new DeviceEntry({
    group: 'home',
    device,
    title: device,
    labels: {},
    metrics: [],
    controls: [],
    reported: {},
    createdAt: 0,
  });
}

function setup() {
  const store = new FakeDeviceStore();
  const clock = new ManualClock();
  const counters = new CountersProbe();
  const writer = new DeviceWriter({ store, clock, log: silentLog, counters });
  return { store, clock, counters, writer };
}

describe('Writing behind', () => {
  test('many changes in half a second are one transaction with one row per device', async () => {
    const { store, clock, writer } = setup();
    const [lamp, meter] = [entry('lamp'), entry('meter')];
    for (const changed of [lamp, meter, lamp, lamp]) writer.mark(changed);
    clock.advance(500);
    await settle();
    expect(store.saves.map((rows) => rows.map((row) => row.device))).toEqual([['lamp', 'meter']]);
  });

  test('a transaction is bounded', async () => {
    const { store, writer } = setup();
    for (let index = 0; index < 1200; index += 1) writer.mark(entry(`d${index}`));
    await writer.flush();
    expect(store.saves.map((rows) => rows.length)).toEqual([500, 500, 200]);
  });

  test('what could not be saved is counted and tried again', async () => {
    const { store, clock, counters, writer } = setup();
    store.failing = new Error('disk full');
    writer.mark(entry('lamp'));
    clock.advance(500);
    await settle();
    expect(counters.counts.get('devices/save-failed')).toBe(1);
    store.failing = undefined;
    clock.advance(5000);
    await settle();
    expect([...store.rows.keys()]).toEqual(['home/lamp']);
  });

  test('flush says that it failed, and a later one saves', async () => {
    const { store, writer } = setup();
    store.failing = new Error('disk full');
    writer.mark(entry('lamp'));
    await expect(writer.flush()).rejects.toThrow('disk full');
    store.failing = undefined;
    await writer.flush();
    expect(store.rows.size).toBe(1);
  });
});

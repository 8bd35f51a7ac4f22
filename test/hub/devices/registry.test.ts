import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { DeviceRegistry } from '../../../hub/devices/registry.ts';
import type { DeviceChange } from '#ports';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { committed, event, reading, settle } from '../../support/commits.ts';
import { FakeDeviceStore } from './fake-device-store.ts';

async function setup(store = new FakeDeviceStore()) {
  const clock = new ManualClock();
  const counters = new CountersProbe();
  const devices = await DeviceRegistry.open({ store, clock, log: silentLog, counters });
  const changes: DeviceChange[] = [];
  devices.onChange((change) => changes.push(change));
  const kinds = (): string[] =>
    changes.map((change) => (change.kind === 'presence' ? change.presence : change.kind));
  return { store, clock, counters, devices, changes, kinds };
}

describe('Registering', () => {
  test('the first reading makes a device and its metric known, online', async () => {
    const { clock, devices, changes } = await setup();
    devices.seen(
      committed({ readings: [reading(1, { metric: 'power' }), reading(1, { metric: 'voltage' })] }),
    );
    const now = clock.nowUs() / 1000;
    const lamp = {
      group: 'home',
      device: 'lamp',
      title: 'lamp',
      labels: {},
      metrics: [{ metric: 'power' }, { metric: 'voltage' }],
      controls: [],
      reported: {},
      presence: 'online',
      presenceSince: now,
      lastSeen: now,
    };
    expect(devices.get('home', 'lamp')).toEqual(lamp);
    expect(changes).toEqual([{ kind: 'device', device: lamp }]);
  });

  test('the same again says nothing; a new metric does', async () => {
    const { devices, kinds } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    devices.seen(committed({ readings: [reading(1), reading(1)] }));
    expect(kinds()).toEqual(['device']);
    devices.seen(committed({ readings: [reading(1, { metric: 'voltage' })] }));
    expect(kinds()).toEqual(['device', 'device']);
  });

  test('an event is a sign of life too', async () => {
    const { devices } = await setup();
    devices.seen(committed({ events: [event(1)] }));
    expect(devices.get('home', 'button')).toMatchObject({ presence: 'online', metrics: [] });
  });

  test('a replay of retained state registers the device but does not say that it is there', async () => {
    const { devices } = await setup();
    devices.seen(committed({ state: [reading(1)] }));
    expect(devices.get('home', 'lamp')).toMatchObject({
      presence: 'unknown',
      metrics: [{ metric: 'power' }],
    });
  });

  test('a group takes a bounded number of devices; the rest is counted', async () => {
    const { counters, devices } = await setup();
    const readings = Array.from({ length: limits.devicesPerGroup + 2 }, (_, index) =>
      reading(1, { device: `d${index}` }),
    );
    devices.seen(committed({ readings }));
    expect(devices.list('home').length).toBe(limits.devicesPerGroup);
    expect(counters.counts.get('devices/group-full')).toBe(2);
    await expect(devices.reported('home', 'one-more', {})).rejects.toThrow('takes no more');
    expect(() => devices.connected('home', 'one-more')()).not.toThrow();
  });

  test('what is no id is counted, never registered', async () => {
    const { counters, devices } = await setup();
    devices.status('home', 'no spaces', 'online');
    devices.connected('Home', 'lamp');
    expect(devices.groups()).toEqual([]);
    expect(counters.counts.get('devices/invalid-id')).toBe(2);
    await expect(devices.reported('home', '../x', {})).rejects.toThrow('not valid');
  });
});

describe('Presence', () => {
  test('follows connections, status and silence, and each change is told once', async () => {
    const { clock, devices, kinds } = await setup();
    const end = devices.connected('home', 'lamp');
    devices.seen(committed({ readings: [reading(1)] }));
    end();
    end();
    clock.advance(5000);
    devices.seen(committed({ readings: [reading(1)] }));
    clock.advance(limits.presenceSilenceMs + 10_000);
    devices.status('home', 'lamp', 'offline');
    expect(kinds()).toEqual(['device', 'online', 'device', 'offline', 'online', 'stale', 'offline']);
  });

  test('groups are counted with who is there', async () => {
    const { clock, devices } = await setup();
    devices.seen(
      committed({ readings: [reading(1), reading(1, { device: 'meter' }), reading(1, { group: 'farm' })] }),
    );
    expect(devices.groups().map(({ online }) => online)).toEqual([2, 1]);
    clock.advance(limits.presenceSilenceMs);
    devices.connected('home', 'meter');
    clock.advance(10_000);
    expect(devices.groups()).toEqual([
      { group: 'home', title: 'home', devices: 2, online: 1, stale: 1 },
      { group: 'farm', title: 'farm', devices: 1, online: 0, stale: 1 },
    ]);
  });
});

describe('Reports and descriptions', () => {
  test('a report is durable when it is acknowledged', async () => {
    const { store, devices } = await setup();
    await devices.reported('home', 'lamp', { on: true, description: { title: 'Lamp', model: 'L-1' } });
    expect(store.rows.get('home/lamp')).toMatchObject({
      title: 'Lamp',
      model: 'L-1',
      reported: { on: true },
    });
  });

  test('a report that cannot be stored is refused', async () => {
    const { store, devices } = await setup();
    store.failing = new Error('disk full');
    await expect(devices.reported('home', 'lamp', { on: true })).rejects.toThrow('disk full');
  });

  test('a report with a bad description changes nothing', async () => {
    const { devices } = await setup();
    await expect(devices.reported('home', 'lamp', { on: true, description: 1 })).rejects.toThrow(
      'description',
    );
    expect(devices.get('home', 'lamp')).toBeUndefined();
  });

  test('describe is told to who listens', async () => {
    const { devices, changes } = await setup();
    await devices.describe('home', 'lamp', { title: 'Lamp' });
    expect(changes.at(-1)).toMatchObject({ kind: 'device', device: { title: 'Lamp' } });
  });
});

describe('A restart', () => {
  test('keeps devices and when they were last seen, also without a clean end for what is old enough', async () => {
    const { store, clock, devices } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    const lastSeen = clock.nowUs() / 1000;
    await devices.close();
    const again = await setup(store);
    expect(again.devices.get('home', 'lamp')).toMatchObject({
      metrics: [{ metric: 'power' }],
      presence: 'online',
      presenceSince: lastSeen,
      lastSeen,
    });
  });

  test('leaves time to return: only who does not is stale, then offline', async () => {
    const { store, devices } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    await devices.close();
    const again = await setup(store);
    again.clock.advance(limits.presenceSilenceMs - 10_000);
    expect(again.kinds()).toEqual([]);
    again.clock.advance(4 * limits.presenceSilenceMs);
    expect(again.kinds()).toEqual(['stale', 'offline']);
  });

  test('the last sign of life becomes durable from time to time', async () => {
    const { store, clock, devices } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    clock.advance(1000);
    await settle();
    const first = store.rows.get('home/lamp')?.lastSeen ?? 0;
    clock.advance(limits.presenceSilenceMs);
    devices.seen(committed({ readings: [reading(1)] }));
    clock.advance(11_000);
    await settle();
    expect((store.rows.get('home/lamp')?.lastSeen ?? 0) - first).toBeGreaterThanOrEqual(
      limits.presenceSilenceMs,
    );
  });
});

describe('Search', () => {
  test('finds every word in ids, titles, metrics and labels of the groups one may see, up to a limit', async () => {
    const { devices } = await setup();
    await devices.describe('home', 'lamp', { title: 'Küche', labels: { floor: '1' } });
    devices.seen(
      committed({
        readings: [reading(1, { device: 'meter' }), reading(1, { group: 'farm', device: 'meter' })],
      }),
    );
    const found = (text: string, groups: '*' | string[] = '*', limit = 10): string[] =>
      devices.search(text, groups, limit).map(({ group, device }) => `${group}/${device}`);
    expect(found('KÜCHE floor=1')).toEqual(['home/lamp']);
    expect(found('power')).toEqual(['farm/meter', 'home/meter']);
    expect(found('power', ['farm', 'farm'])).toEqual(['farm/meter']);
    expect(found('', '*', 2)).toEqual(['farm/meter', 'home/lamp']);
    expect(found('nowhere')).toEqual([]);
  });
});

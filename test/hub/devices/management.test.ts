import { describe, expect, test } from 'vitest';
import { DeviceRegistry } from '../../../hub/devices/registry.ts';
import type { DeviceChange } from '#ports';
import { committed, reading, settle } from '../../support/commits.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeDeviceStore } from './fake-device-store.ts';

async function setup({ store = new FakeDeviceStore(), approval = false } = {}) {
  const clock = new ManualClock();
  const counters = new CountersProbe();
  const parts = { store, clock, log: silentLog, counters, approval };
  const devices = await DeviceRegistry.open(parts);
  const changes: DeviceChange[] = [];
  devices.onChange((change) => changes.push(change));
  const again = (): Promise<DeviceRegistry> => DeviceRegistry.open(parts);
  return { store, clock, counters, devices, management: devices.management, changes, again };
}

const code = (wanted: string): object => expect.objectContaining({ name: 'RequestError', code: wanted });

describe('Groups', () => {
  test('are made with a title, and are there after a restart without any device', async () => {
    const { management, again } = await setup();
    const made = await management.createGroup({ title: 'Green house' });
    expect(made).toMatchObject({ title: 'Green house', devices: 0 });
    expect(made.group).toMatch(/^green_house-[0-9a-f]{4}$/);
    expect((await again()).groups()).toEqual([made]);
    await expect(management.createGroup({ group: made.group })).rejects.toThrow(code('group-exists'));
    await expect(management.createGroup({ group: 'admin' })).rejects.toThrow(code('invalid-id'));
  });

  test('that devices made get a title too', async () => {
    const { devices, management } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    await management.changeGroup('home', { title: 'At home' });
    expect(devices.groups()).toMatchObject([{ group: 'home', title: 'At home', devices: 1 }]);
    await management.changeGroup('home', { title: null });
    expect(devices.group('home')).toMatchObject({ title: 'home' });
  });

  test('are archived when their devices are, and come back with the first that is heard', async () => {
    const { devices, management } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    await expect(management.changeGroup('home', { archived: true })).rejects.toThrow(code('group-not-empty'));
    await management.change('home', 'lamp', { archived: true });
    await management.changeGroup('home', { archived: true });
    expect(devices.groups()).toEqual([]);
    expect(management.allGroups()).toMatchObject([{ group: 'home', devices: 0 }]);
    devices.seen(committed({ readings: [reading(2)] }));
    expect(devices.groups()).toMatchObject([{ group: 'home', devices: 1, online: 1 }]);
  });

  test('are deleted only without devices', async () => {
    const { store, devices, management } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    await expect(management.deleteGroup('home')).rejects.toThrow(code('group-not-empty'));
    await management.createGroup({ group: 'attic' });
    await management.deleteGroup('attic');
    expect(devices.group('attic')).toBeUndefined();
    expect(store.groups.size).toBe(0);
    await expect(management.deleteGroup('attic')).rejects.toThrow(code('no-such-group'));
  });
});

describe('Devices', () => {
  test('what people say wins, is durable when it is answered, and is told', async () => {
    const { devices, management, changes, again } = await setup();
    await devices.reported('home', 'lamp', { description: { title: 'Device title', model: 'L-1' } });
    const shown = await management.change('home', 'lamp', { title: 'Desk lamp', labels: { room: 'Study' } });
    expect(shown).toMatchObject({ title: 'Desk lamp', model: 'L-1', labels: { room: 'Study' } });
    expect(changes.at(-1)).toEqual({ kind: 'device', device: shown });
    await devices.reported('home', 'lamp', { description: { title: 'Another title' } });
    expect(devices.get('home', 'lamp')?.title).toBe('Desk lamp');
    expect((await again()).get('home', 'lamp')).toMatchObject({ title: 'Desk lamp' });
    expect(await management.change('home', 'lamp', { title: null })).toMatchObject({
      title: 'Another title',
    });
    await expect(management.change('home', 'nothing', {})).rejects.toThrow(code('no-such-device'));
  });

  test('are registered before they are heard, once', async () => {
    const { devices, management } = await setup({ approval: true });
    await management.register('home', { device: 'lamp', title: 'Lamp', metrics: { power: { unit: 'W' } } });
    expect(devices.list('home')).toMatchObject([
      { device: 'lamp', title: 'Lamp', presence: 'unknown', metrics: [{ metric: 'power', unit: 'W' }] },
    ]);
    expect(devices.groups()).toMatchObject([{ devices: 1, online: 0, unheard: 1 }]);
    devices.seen(committed({ readings: [reading(1)] }));
    expect(devices.groups()).toEqual([{ group: 'home', title: 'home', devices: 1, online: 1, stale: 0 }]);
    await expect(management.register('home', { device: 'lamp' })).rejects.toThrow(code('device-exists'));
    await expect(management.register('home', { device: 'no id' })).rejects.toThrow(code('invalid-id'));
  });

  test('archived ones leave the lists and come back when they are heard, not by a retained replay', async () => {
    const { devices, management, changes } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    await management.change('home', 'lamp', { archived: true });
    expect(changes.at(-1)).toEqual({ kind: 'removed', group: 'home', device: 'lamp' });
    expect(devices.list('home')).toEqual([]);
    devices.seen(committed({ state: [reading(1)] }));
    expect(devices.find({ groups: '*', archived: true, limit: 10 })).toMatchObject([{ device: 'lamp' }]);
    devices.seen(committed({ readings: [reading(2)] }));
    expect(devices.list('home')).toHaveLength(1);
    expect(changes.at(-1)).toMatchObject({ kind: 'device', device: { device: 'lamp' } });
  });
});

describe('Approval', () => {
  test('a new device waits out of sight, is counted, and keeps what was learnt of it', async () => {
    const { devices, management, changes } = await setup({ approval: true });
    devices.seen(committed({ readings: [reading(1)] }));
    expect(devices.list('home')).toEqual([]);
    expect(devices.groups()).toEqual([
      { group: 'home', title: 'home', devices: 0, online: 0, stale: 0, waiting: 1 },
    ]);
    expect(changes.map(({ kind }) => kind)).toEqual(['group']);
    expect(devices.find({ groups: '*', admission: 'waiting', limit: 10 })).toMatchObject([
      { device: 'lamp', metrics: [{ metric: 'power' }], presence: 'online' },
    ]);
    const approved = await management.change('home', 'lamp', { admission: 'admitted' });
    expect(devices.list('home')).toEqual([approved]);
    expect(changes.at(-1)).toEqual({ kind: 'device', device: approved });
  });

  test('nothing is taken of a denied device, also after a restart, until it is approved', async () => {
    const { devices, management, changes, again } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    expect(devices.destination('home', 'lamp')).toBeUndefined();
    await management.change('home', 'lamp', { admission: 'denied' });
    expect(changes.at(-1)).toEqual({ kind: 'removed', group: 'home', device: 'lamp' });
    expect(devices.destination('home', 'lamp')).toBe('denied');
    await expect(devices.reported('home', 'lamp', {})).rejects.toThrow(code('device-denied'));
    const restarted = await again();
    expect(restarted.destination('home', 'lamp')).toBe('denied');
    await restarted.management.change('home', 'lamp', { admission: 'admitted' });
    expect(restarted.destination('home', 'lamp')).toBeUndefined();
  });
});

const link = (told: object[], edge: 'mqtt' | 'socketio' = 'mqtt') => ({
  edge,
  desire: async (message: object) => void told.push(message),
});

describe('The twin', () => {
  test('tells the device on every open way, and dashboards see it come true', async () => {
    const { devices, management, changes } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    const told: object[] = [];
    const end = devices.attach('home', 'lamp', link(told));
    const changed = await management.desire('home', 'lamp', { on: true, level: 3 });
    expect(changed.twin).toMatchObject({ version: 1, delta: { on: true, level: 3 } });
    expect(told).toEqual([{ version: 1, desired: { on: true, level: 3 }, delta: { on: true, level: 3 } }]);
    await devices.reported('home', 'lamp', { on: true });
    await devices.reported('home', 'lamp', { level: 3 });
    const deltas = changes.flatMap((change) => (change.kind === 'device' ? [change.device.twin?.delta] : []));
    expect(deltas.slice(-3)).toEqual([{ on: true, level: 3 }, { level: 3 }, {}]);
    expect(devices.get('home', 'lamp')?.twin).toMatchObject({ reportedVersion: 2, delta: {} });
    end();
    await management.desire('home', 'lamp', { level: 4 });
    expect(told).toHaveLength(1);
  });

  test('is told to a device that comes back while something is still to be done, also after a restart', async () => {
    const { devices, management, again } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    await management.desire('home', 'lamp', { on: true });
    const restarted = await again();
    const told: object[] = [];
    restarted.attach('home', 'lamp', link(told));
    expect(told).toMatchObject([{ version: 1, delta: { on: true } }]);
    await restarted.reported('home', 'lamp', { on: true });
    restarted.attach('home', 'lamp', link(told, 'socketio'));
    expect(told).toHaveLength(1);
  });

  test('the same again is no change; another version than the expected one is refused', async () => {
    const { devices, management, changes } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    await management.desire('home', 'lamp', { on: true }, 0);
    const before = changes.length;
    expect(await management.desire('home', 'lamp', { on: true })).toMatchObject({ twin: { version: 1 } });
    expect(changes).toHaveLength(before);
    await expect(management.desire('home', 'lamp', { on: false }, 0)).rejects.toThrow(
      code('version-conflict'),
    );
    expect(await management.desire('home', 'lamp', { on: null }, 1)).toMatchObject({
      twin: { version: 2, desired: {}, delta: {} },
    });
  });

  test('a way that fails is counted, and nothing is lost', async () => {
    const { devices, management, counters } = await setup();
    devices.seen(committed({ readings: [reading(1)] }));
    devices.attach('home', 'lamp', { edge: 'mqtt', desire: () => Promise.reject(new Error('gone')) });
    await management.desire('home', 'lamp', { on: true });
    await settle();
    expect(counters.counts.get('devices/desired-not-sent')).toBe(1);
    expect(devices.get('home', 'lamp')?.twin?.delta).toEqual({ on: true });
  });
});

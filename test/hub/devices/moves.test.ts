import { describe, expect, test } from 'vitest';
import { DeviceRegistry } from '../../../hub/devices/registry.ts';
import type { DeviceChange, MoveSteps } from '#ports';
import { committed, reading, settle } from '../../support/commits.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeDeviceStore } from './fake-device-store.ts';

const code = (wanted: string): object => expect.objectContaining({ name: 'RequestError', code: wanted });
const old = { group: 'home', device: 'old' };
const present = { group: 'home', device: 'present' };

async function setup() {
  const store = new FakeDeviceStore();
  const clock = new ManualClock();
  const steps: string[] = [];
  const world = { isBusy: false, failing: false };
  const moves: MoveSteps = {
    isBusy: () => world.isBusy,
    store: async ({ from, to }) => {
      steps.push(`store ${from.device} ${to.device}`);
      if (world.failing) throw new Error('disk full');
      await store.move(from, to);
    },
    moved: ({ from, to }) => void steps.push(`moved ${from.device} ${to.device}`),
  };
  const parts = { store, clock, log: silentLog, counters: new CountersProbe(), moves };
  const devices = await DeviceRegistry.open(parts);
  devices.seen(committed({ readings: [reading(1, old)] }));
  const changes: DeviceChange[] = [];
  devices.onChange((change) => changes.push(change));
  const again = (): Promise<DeviceRegistry> => DeviceRegistry.open(parts);
  return { store, clock, steps, world, devices, management: devices.management, changes, again };
}

describe('Another name', () => {
  test('is the device’s own for dashboards, and the old one for what arrives, also after a restart', async () => {
    const { devices, management, steps, changes, again } = await setup();
    const info = await management.move('home', 'old', { device: 'present' });
    expect(info).toMatchObject({ ...present, title: 'present', aliases: [old], presence: 'online' });
    expect(steps).toEqual(['store old present', 'moved old present']);
    expect(changes).toEqual([
      { kind: 'removed', ...old, movedTo: present },
      { kind: 'device', device: info },
    ]);
    for (const registry of [devices, await again()]) {
      expect(registry.destination('home', 'old')).toEqual(present);
      expect(registry.namesOf(present)).toEqual([present, old]);
      expect(registry.get('home', 'old')).toBeUndefined();
      registry.seen(committed({ readings: [reading(2, old)] }));
      expect(registry.list('home')).toHaveLength(1);
    }
  });

  test('a title that a person gave stays', async () => {
    const { management } = await setup();
    await management.change('home', 'old', { title: 'Desk lamp' });
    expect(await management.move('home', 'old', { device: 'present' })).toMatchObject({ title: 'Desk lamp' });
  });

  test('in a chain all former names lead to the last; back again there is none', async () => {
    const { devices, management } = await setup();
    await management.move('home', 'old', { device: 'present' });
    await management.move('home', 'present', { group: 'attic', device: 'last' });
    expect(devices.destination('home', 'old')).toEqual({ group: 'attic', device: 'last' });
    expect(devices.groups().map(({ group }) => group)).toEqual(['attic']);
    const back = await management.move('attic', 'last', old);
    expect(back.aliases).toEqual([present, { group: 'attic', device: 'last' }]);
    expect(devices.destination('home', 'old')).toBeUndefined();
  });

  test('a connection that it holds is still its own, and so is what it reports', async () => {
    const { devices, management } = await setup();
    const end = devices.connected('home', 'old');
    await management.move('home', 'old', { device: 'present' });
    await devices.reported('home', 'old', { on: true });
    expect(devices.get('home', 'present')).toMatchObject({ presence: 'online', reported: { on: true } });
    end();
    expect(devices.get('home', 'present')).toMatchObject({ presence: 'offline' });
  });

  test('what is desired is told on the way that the old name opened', async () => {
    const { devices, management } = await setup();
    const told: object[] = [];
    devices.attach('home', 'old', { edge: 'mqtt', desire: async (message) => void told.push(message) });
    await management.move('home', 'old', { device: 'present' });
    await management.desire('home', 'present', { on: true });
    expect(told).toMatchObject([{ desired: { on: true } }]);
  });

  test('a store that fails is asked until it succeeds; meanwhile nothing arrives under the old name', async () => {
    const { devices, management, clock, world, steps } = await setup();
    world.failing = true;
    const moving = management.move('home', 'old', { device: 'present' });
    await settle();
    expect(devices.destination('home', 'old')).toEqual(present);
    world.failing = false;
    clock.advance(1000);
    await moving;
    expect(steps).toEqual(['store old present', 'store old present', 'moved old present']);
  });

  test('is refused where it would be a lie', async () => {
    const { devices, management, world } = await setup();
    devices.seen(committed({ readings: [reading(1, present)] }));
    const refused = (target: object): Promise<unknown> => management.move('home', 'old', target);
    await expect(refused({ device: 'present' })).rejects.toThrow(code('device-exists'));
    await expect(refused({ device: 'no id' })).rejects.toThrow(code('invalid-id'));
    await expect(refused({ device: 'nobody', merge: true })).rejects.toThrow(code('no-such-device'));
    await expect(management.move('home', 'nobody', { device: 'x' })).rejects.toThrow(code('no-such-device'));
    world.isBusy = true;
    await expect(refused({ device: 'free' })).rejects.toThrow(code('commands-open'));
    expect(devices.list('home')).toHaveLength(2);
  });
});

describe('Merging', () => {
  test('keeps what the one that stays is called, adds what only the other has, and joins their connections', async () => {
    const { devices, management, changes } = await setup();
    devices.seen(committed({ readings: [reading(1, { ...present, metric: 'humidity' })] }));
    await management.change('home', 'present', { title: 'Bed' });
    await devices.reported('home', 'old', { firmware: 1, on: false });
    await devices.reported('home', 'present', { on: true });
    const end = devices.connected('home', 'old');
    const merged = await management.move('home', 'old', { device: 'present', merge: true });
    expect(merged).toMatchObject({
      title: 'Bed',
      metrics: [{ metric: 'humidity' }, { metric: 'power' }],
      reported: { firmware: 1, on: true },
      aliases: [old],
    });
    expect(changes.slice(-2).map(({ kind }) => kind)).toEqual(['removed', 'device']);
    expect(devices.list('home')).toHaveLength(1);
    end();
    expect(devices.get('home', 'present')).toMatchObject({ presence: 'offline' });
  });
});

describe('A former name', () => {
  test('that is forgotten is a device of its own again', async () => {
    const { devices, management, again } = await setup();
    await management.move('home', 'old', { device: 'present' });
    await expect(management.forgetAlias('home', 'present')).rejects.toThrow(code('no-such-alias'));
    expect((await management.forgetAlias('home', 'old')).aliases).toBeUndefined();
    devices.seen(committed({ readings: [reading(2, old)] }));
    expect(devices.list('home').map(({ device }) => device)).toEqual(['present', 'old']);
    expect((await again()).destination('home', 'old')).toBeUndefined();
  });
});

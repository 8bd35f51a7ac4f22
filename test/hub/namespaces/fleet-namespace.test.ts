import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Socket } from 'socket.io-client';
import { limits } from '#contract/limits.ts';
import { ask, collect, EdgeUnderTest, next, type Answer } from './edge-under-test.ts';

let edge: EdgeUnderTest;
beforeEach(async () => {
  edge = await EdgeUnderTest.start();
  await edge.commit('lamp', 'power', 1, 'home');
  await edge.commit('pump', 'power', 2, 'farm');
});
afterEach(() => edge.close());

const admin = (): Promise<Socket> =>
  edge.connect('/', { token: edge.access.give('admin', { role: 'admin', groups: '*' }) });
const viewerOfHome = (): Promise<Socket> =>
  edge.connect('/', { token: edge.access.give('viewer', { role: 'viewer', groups: ['home'] }) });

interface Group {
  readonly group: string;
}

const groupsFor = async (socket: Promise<Socket>): Promise<unknown> =>
  ((await ask(await socket, 'groups', {})) as unknown as { groups: Group[] }).groups;

const foundBy = async (socket: Promise<Socket>): Promise<unknown> =>
  (await ask(await socket, 'search', { text: 'power' })).devices;

const devicesOf = (answer: Answer): unknown[] => (answer.latest as unknown[][]).map(([device]) => device);

describe('Who enters the fleet', () => {
  test('people, not devices', async () => {
    const lamp = edge.access.give('lamp', { role: 'device', groups: ['home'], device: 'lamp' });
    const gateway = edge.access.give('gateway', { role: 'gateway', groups: '*' });
    for (const token of [lamp, gateway])
      await expect(edge.connect('/', { token })).rejects.toMatchObject({ data: { code: 'forbidden' } });
    await expect(edge.connect('/', {})).rejects.toMatchObject({ data: { code: 'not-authenticated' } });
    expect((await viewerOfHome()).connected).toBe(true);
  });

  test('the end of a session ends its sockets and no others', async () => {
    const browser = (id: string): Promise<Socket> => {
      edge.access.sessionHolders.set(id, { id, tokenId: 't', name: id, role: 'viewer', groups: '*' });
      return edge.connect('/', {}, { extraHeaders: { cookie: `signalbox_session=${id}` } });
    };
    const [first, second] = [await browser('s1'), await browser('s2')];
    const ended = next(first, 'disconnect');
    edge.access.end({ tokenId: 't', sessionId: 's1' });
    await ended;
    expect(await ask(second, 'groups')).toMatchObject({ ok: true });
  });
});

describe('What one may see', () => {
  test('groups with their counts', async () => {
    expect(await groupsFor(admin())).toMatchObject([
      { group: 'home', devices: 1, online: 1 },
      { group: 'farm', devices: 1, online: 1 },
    ]);
    expect(await groupsFor(viewerOfHome())).toMatchObject([{ group: 'home' }]);
  });

  test('search', async () => {
    expect(await foundBy(admin())).toMatchObject([{ device: 'pump' }, { device: 'lamp' }]);
    expect(await foundBy(viewerOfHome())).toMatchObject([{ device: 'lamp' }]);
    expect(await ask(await admin(), 'search', { text: 7 })).toMatchObject({
      error: { code: 'invalid-request' },
    });
  });

  test('a view across groups: only the granted ones, and the device says its group', async () => {
    const [all, home, asked] = [await admin(), await viewerOfHome(), await viewerOfHome()];
    expect(devicesOf(await ask(all, 'subscribe', {}))).toEqual(['home/lamp', 'farm/pump']);
    expect(devicesOf(await ask(home, 'subscribe', {}))).toEqual(['home/lamp']);
    expect(devicesOf(await ask(asked, 'subscribe', { groups: ['farm', 'home'] }))).toEqual(['home/lamp']);
    const hears = [collect(home, 'readings'), collect(asked, 'readings')];
    const frame = next(all, 'readings');
    await edge.commit('pump', 'power', 3, 'farm');
    expect(await frame).toMatchObject({ readings: [['farm/pump', 0, { power: 3 }]] });
    await ask(home, 'groups');
    await ask(asked, 'groups');
    expect(hears).toEqual([[], []]);
  });

  test('the view is slow, and shows the newest value only', async () => {
    const socket = await admin();
    await ask(socket, 'subscribe', { maxHz: 60 });
    const frames = collect<{ readings: unknown[] }>(socket, 'readings');
    for (let index = 0; index < 20; index += 1) {
      await edge.commit('lamp', 'power', index);
      edge.clock.advance(50);
    }
    await ask(socket, 'groups');
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.length).toBeLessThanOrEqual(1 + limits.maxHzFleet);
    for (const request of [{ mode: 'raw' }, { history: { start: 0 } }])
      expect(await ask(socket, 'subscribe', request)).toMatchObject({ error: { code: 'not-in-the-fleet' } });
  });

  test('unsubscribe ends it', async () => {
    const socket = await admin();
    const { view } = await ask(socket, 'subscribe', {});
    const frames = collect(socket, 'readings');
    await ask(socket, 'unsubscribe', { view });
    await edge.commit('lamp', 'power', 3);
    await ask(socket, 'groups');
    expect(frames).toEqual([]);
  });
});

describe('What the fleet hears', () => {
  test('presence and devices of the groups one may see; counts once a second', async () => {
    const [all, home] = [await admin(), await viewerOfHome()];
    const heard = [collect<Group>(all, 'presence'), collect<Group>(home, 'presence')];
    const devices = [collect<Group>(all, 'device'), collect<Group>(home, 'device')];
    const counts = [next<Group[]>(all, 'groups'), next<Group[]>(home, 'groups')];
    for (const [group, device] of [
      ['home', 'lamp'],
      ['farm', 'pump'],
    ] as const) {
      edge.devices.status(group, device, 'offline');
      await edge.devices.describe(group, device, { title: 'Renamed' });
    }
    edge.clock.advance(1000);
    const groups = await Promise.all(counts);
    const names = (list: readonly Group[]): string[] => list.map(({ group }) => group);
    expect(heard.map(names)).toEqual([['home', 'farm'], ['home']]);
    expect(devices.map(names)).toEqual([['home', 'farm'], ['home']]);
    expect(groups.map(names)).toEqual([['home', 'farm'], ['home']]);
  });
});

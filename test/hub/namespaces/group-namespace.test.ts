import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, collect, EdgeUnderTest, next } from './edge-under-test.ts';

let edge: EdgeUnderTest;
beforeEach(async () => {
  edge = await EdgeUnderTest.start();
});
afterEach(() => edge.close());

const refusal = (code: string) => ({ data: { code } });

describe('Who enters a group', () => {
  test('a viewer of the group, if the group exists', async () => {
    const token = edge.access.give('viewer', { role: 'viewer', groups: ['home'] });
    await edge.commit('lamp', 'power', 1);
    const client = await edge.connect('/home', { token });
    expect(client.connected).toBe(true);
  });

  test('a device into its own group, also when the group is new', async () => {
    const token = edge.access.give('lamp', { role: 'device', groups: ['home'], device: 'lamp' });
    await edge.connect('/home', { token });
    expect(edge.devices.get('home', 'lamp')?.presence).toBe('online');
  });

  test('a browser with its session cookie', async () => {
    edge.access.sessionHolders.set('secret', {
      id: 's1',
      tokenId: 't1',
      name: 'Ada',
      role: 'viewer',
      groups: '*',
    });
    await edge.commit('lamp', 'power', 1);
    const extraHeaders = { cookie: 'theme=dark; signalbox_session=secret' };
    expect((await edge.connect('/home', {}, { extraHeaders })).connected).toBe(true);
  });

  test('unknown and forbidden groups are alike, and leave no namespace behind', async () => {
    const token = edge.access.give('viewer', { role: 'viewer', groups: ['home'] });
    await edge.commit('pump', 'power', 1, 'farm');
    const errors: unknown[] = [];
    for (const name of ['/farm', '/nowhere', '/home', '/admin', '/Not%20a%20group'])
      await edge
        .connect(name, { token })
        .catch((error: Error & { data?: unknown }) => errors.push([error.message, error.data]));
    expect(errors).toEqual(Array.from({ length: 5 }, () => ['Invalid namespace', undefined]));
    expect([...edge.io._nsps.keys()]).toEqual(['/']);
  });

  test('a wrong token is told so, whether the group exists or not', async () => {
    await edge.commit('lamp', 'power', 1);
    for (const name of ['/home', '/nowhere'])
      await expect(edge.connect(name, { token: 'wrong' })).rejects.toMatchObject(
        refusal('not-authenticated'),
      );
    await expect(edge.connect('/home', { token: 7 })).rejects.toMatchObject(refusal('not-authenticated'));
    await expect(edge.connect('/home', {})).rejects.toMatchObject(refusal('not-authenticated'));
  });

  test('a device is itself and no other', async () => {
    const token = edge.access.give('lamp', { role: 'device', groups: ['home'], device: 'lamp' });
    await expect(edge.connect('/home', { token, device: 'fan' })).rejects.toMatchObject(
      refusal('device-not-granted'),
    );
    await expect(edge.connect('/farm', { token })).rejects.toThrow('Invalid namespace');
    await expect(edge.connect('/home', { token, device: '../x' })).rejects.toMatchObject(
      refusal('invalid-device'),
    );
  });

  test('the namespace goes with the last who is in it, and comes again', async () => {
    const token = edge.access.give('lamp', { role: 'device', groups: ['home'], device: 'lamp' });
    const first = await edge.connect('/home', { token });
    expect(edge.io._nsps.has('/home')).toBe(true);
    const offline = new Promise<void>((resolve) => edge.devices.onChange(() => resolve()));
    first.disconnect();
    await offline;
    expect(edge.io._nsps.has('/home')).toBe(false);
    expect((await edge.connect('/home', { token })).connected).toBe(true);
  });
});

describe('The end of rights', () => {
  test('ends the connection at once', async () => {
    const token = edge.access.give('lamp', { role: 'device', groups: ['home'], device: 'lamp' });
    const client = await edge.connect('/home', { token });
    const reason = next<string>(client, 'disconnect');
    edge.access.end({ tokenId: 'lamp' });
    expect(await reason).toBe('io server disconnect');
  });
});

describe('What every dashboard of the group hears', () => {
  test('events each once and in order, presence, devices and commands; not those of other groups', async () => {
    const token = edge.access.give('ops', { role: 'operator', groups: '*' });
    await edge.commit('lamp', 'power', 1);
    await edge.commit('pump', 'power', 1, 'farm');
    const home = await edge.connect('/home', { token });
    const farm = await edge.connect('/farm', { token });
    const heard = collect<unknown>(home, 'event');
    const foreign = (['event', 'presence', 'device', 'command'] as const).map((name) => collect(farm, name));
    const lamp = await edge.connect('/home', {
      token: edge.access.give('lamp', { role: 'device', groups: ['home'], device: 'lamp' }),
    });
    lamp.on('command', (_command, ack: (answer: object) => void) => ack({ ok: true }));
    await ask(lamp, 'event', { name: 'pressed', ts: 1_780_000_000_500, data: { button: 1 } });
    await ask(lamp, 'event', { name: 'pressed', ts: 1_780_000_000_500, data: { button: 1 } });
    const presence = next(home, 'presence');
    const described = next(home, 'device');
    await ask(lamp, 'reported', { description: { title: 'Lamp' } });
    expect(await described).toMatchObject({ device: 'lamp', title: 'Lamp' });
    const states = collect<{ state: string }>(home, 'command');
    await ask(home, 'command', { device: 'lamp', name: 'relay' });
    lamp.disconnect();
    expect(await presence).toMatchObject({ group: 'home', device: 'lamp', presence: 'offline' });
    const pressed = {
      group: 'home',
      device: 'lamp',
      name: 'pressed',
      time: 1_780_000_000_500,
      data: { button: 1 },
    };
    expect(heard).toEqual([
      { ...pressed, offset: 3 },
      { ...pressed, offset: 4 },
    ]);
    expect(states.map(({ state }) => state)).toEqual(['queued', 'sent', 'succeeded']);
    await ask(farm, 'devices', {});
    expect(foreign).toEqual([[], [], [], []]);
  });

  test('devices hear none of it', async () => {
    const lamp = await edge.connect('/home', {
      token: edge.access.give('lamp', { role: 'device', groups: ['home'], device: 'lamp' }),
    });
    const heard: unknown[] = [];
    lamp.onAny((event: string) => heard.push(event));
    await ask(lamp, 'event', { name: 'pressed' });
    await ask(lamp, 'telemetry', { power: 1 });
    expect(heard).toEqual([]);
  });
});

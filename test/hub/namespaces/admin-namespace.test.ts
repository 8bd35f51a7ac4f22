import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Socket } from 'socket.io-client';
import type { ServerStats } from '../../../hub/namespaces/admin-namespace.ts';
import { ask, collect, EdgeUnderTest, next } from './edge-under-test.ts';

let edge: EdgeUnderTest;
beforeEach(async () => {
  edge = await EdgeUnderTest.start({ adminUi: true });
});
afterEach(() => edge.close());

const admin = (name = 'admin'): string => edge.access.give(name, { role: 'admin', groups: '*' });

/** Connected, with what it hears from the first moment. */
async function look(token = admin()): Promise<{ socket: Socket; config: unknown[]; stats: ServerStats[] }> {
  const config: unknown[] = [];
  const stats: ServerStats[] = [];
  const socket = edge.dial('/admin', { token });
  socket.on('config', (payload) => config.push(payload));
  socket.on('server_stats', (payload) => stats.push(payload));
  await expect.poll(() => stats.length).toBe(1);
  return { socket, config, stats };
}

describe('Who enters /admin', () => {
  test('admins of the whole hub; everybody else hears what a hub without it says', async () => {
    const strangers = [
      {},
      { token: 'wrong' },
      { username: 'admin', password: 'admin' },
      { token: edge.access.give('operator', { role: 'operator', groups: '*' }) },
      { token: edge.access.give('viewer', { role: 'viewer', groups: '*' }) },
      { token: edge.access.give('gateway', { role: 'gateway', groups: '*' }) },
      { token: edge.access.give('of-home', { role: 'admin', groups: ['home'] }) },
    ];
    for (const auth of strangers) {
      const refusal = await edge.connect('/admin', auth).catch((error: unknown) => error);
      expect([auth, refusal]).toMatchObject([auth, { message: 'Invalid namespace' }]);
      expect((refusal as { data?: unknown }).data).toBeUndefined();
    }
    expect((await edge.connect('/admin', { token: admin() })).connected).toBe(true);
  });

  test('by the session cookie, whatever the page says beside it', async () => {
    edge.access.sessionHolders.set('s1', { id: 's1', tokenId: 't', name: 'Ada', role: 'admin', groups: '*' });
    const extraHeaders = { cookie: 'signalbox_session=s1' };
    const socket = await edge.connect('/admin', { sessionId: null }, { extraHeaders });
    const ended = next(socket, 'disconnect');
    edge.access.end({ tokenId: 't', sessionId: 's1' });
    await ended;
  });

  test('nobody, unless it is on', async () => {
    await using off = await started(EdgeUnderTest.start());
    const token = off.edge.access.give('admin', { role: 'admin', groups: '*' });
    await expect(off.edge.connect('/admin', { token })).rejects.toThrow('Invalid namespace');
  });
});

describe('What the Admin UI hears', () => {
  test('its features, and the figures at once and every two seconds', async () => {
    const { socket, config, stats } = await look();
    expect(config).toEqual([{ supportedFeatures: ['AGGREGATED_EVENTS'] }]);
    const token = edge.access.give('lamp', { role: 'gateway', groups: ['home'] });
    const lamp = await edge.connect('/home', { token, device: 'lamp' });
    await ask(lamp, 'telemetry', { readings: [{ metric: 'power', value: 42 }] });
    lamp.disconnect();
    await expect.poll(() => edge.io.engine.clientsCount).toBe(1);
    edge.clock.advance(2000);
    await expect.poll(() => stats.length).toBe(2);
    expect(stats[1]).toMatchObject({
      pid: process.pid,
      clientsCount: 1,
      pollingClientsCount: 0,
      namespaces: [
        { name: '/', socketsCount: 0 },
        { name: '/admin', socketsCount: 1 },
      ],
    });
    const sums = new Map(stats[1]?.aggregatedEvents.map((sum) => [sum.type, sum]));
    expect(sums.get('rawConnection')?.count).toBe(1);
    expect(sums.get('rawDisconnection')).toMatchObject({ count: 1, subType: expect.any(String) });
    expect(sums.get('bytesIn')?.count).toBeGreaterThan(40);
    expect(sums.get('bytesOut')?.count).toBeGreaterThan(40);
    edge.clock.advance(2000);
    await expect.poll(() => stats.length).toBe(3);
    expect(socket.connected).toBe(true);
  });

  test('nothing of what is said, of whom it comes from, or of any header', async () => {
    const { socket } = await look();
    const heard: unknown[] = [];
    socket.onAny((...said) => heard.push(said));
    const token = edge.access.give('secret-token', { role: 'gateway', groups: ['home'] });
    const extraHeaders = { authorization: 'secret-header' };
    const lamp = await edge.connect('/home', { token, device: 'secret-lamp' }, { extraHeaders });
    await ask(lamp, 'telemetry', { readings: [{ metric: 'secret-metric', value: 'secret-value' }] });
    edge.clock.advance(2000);
    await expect.poll(() => heard.length).toBe(1);
    expect(JSON.stringify(heard)).toContain('/home');
    expect(JSON.stringify(heard)).not.toContain('secret');
  });

  test('two that look hear the same sums; once nobody looks, the next starts anew', async () => {
    const first = await look();
    const second = await look(admin('second'));
    edge.clock.advance(2000);
    await expect.poll(() => [first.stats.length, second.stats.length]).toEqual([2, 2]);
    expect(second.stats[1]).toEqual(first.stats[1]);
    for (const { socket } of [first, second]) socket.disconnect();
    await expect.poll(() => edge.io.engine.clientsCount).toBe(0);
    edge.clock.advance(2000);
    const third = await look();
    edge.clock.advance(2000);
    await expect.poll(() => third.stats.length).toBe(2);
    const types = third.stats[1]?.aggregatedEvents.map(({ type }) => type);
    expect(types).not.toContain('rawConnection');
    expect(types).not.toContain('rawDisconnection');
  });

  test('no action: what the UI could ask for is refused, and counted', async () => {
    const { socket } = await look();
    const other = await edge.connect('/', { token: admin('other') });
    const dropped = collect(other, 'disconnect');
    for (const args of [
      ['_disconnect', '/', true],
      ['join', '/', 'group:home'],
      ['leave', '/', 'all-groups'],
      ['emit', '/', '', 'groups', []],
    ] as const) {
      const [event, ...rest] = args;
      expect(await ask(socket, event, ...rest)).toMatchObject({
        ok: false,
        error: { code: 'unknown-event' },
      });
    }
    expect(await ask(other, 'groups')).toMatchObject({ ok: true });
    expect(dropped).toEqual([]);
    expect(edge.counters.counts.get('socketio/unknown-event')).toBe(4);
  });
});

async function started(
  starting: Promise<EdgeUnderTest>,
): Promise<AsyncDisposable & { readonly edge: EdgeUnderTest }> {
  const other = await starting;
  return { edge: other, [Symbol.asyncDispose]: () => other.close() };
}

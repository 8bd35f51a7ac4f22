/** The unmodified `instrument()` of Socket.IO Admin UI on our server. */
import { instrument } from '@socket.io/admin-ui';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

async function administered() {
  const running = await harness.start();
  instrument(running.io as never, { auth: false, mode: 'development' });
  const admin = running.client('/admin');
  const sockets = heard(admin, 'all_sockets');
  await heard(admin, 'connect');
  return { running, admin, sockets: (await sockets)[0] };
}

describe('Socket.IO Admin UI', () => {
  test('sees the server, its namespaces and sockets', async () => {
    const { admin, sockets } = await administered();
    const [stats] = await heard(admin, 'server_stats');
    expect(stats).toMatchObject({
      clientsCount: 1,
      pollingClientsCount: 0,
      namespaces: [
        { name: '/', socketsCount: 0 },
        { name: '/admin', socketsCount: 1 },
      ],
    });
    expect(sockets).toMatchObject([{ id: admin.id, nsp: '/admin' }]);
  });

  test('sees clients come, join rooms, talk and go', async () => {
    const { running, admin } = await administered();
    const seen: Record<string, Promise<unknown[]>> = {};
    for (const name of [
      'socket_connected',
      'room_joined',
      'event_received',
      'event_sent',
      'socket_disconnected',
    ]) {
      seen[name] = heard(admin, name);
    }
    running.io.on('connection', (socket) => socket.on('x', () => socket.emit('y')));
    const client = await running.connected();
    expect((await seen['socket_connected'])?.[0]).toMatchObject({
      id: client.id,
      nsp: '/',
      transport: 'websocket',
      handshake: { address: '127.0.0.1' },
    });
    expect((await seen['room_joined'])?.slice(0, 2)).toEqual(['/', client.id]);
    client.emit('x', 1);
    expect((await seen['event_received'])?.slice(0, 3)).toEqual(['/', client.id, ['x', 1]]);
    expect((await seen['event_sent'])?.slice(0, 3)).toEqual(['/', client.id, ['y']]);
    const { id } = client;
    client.disconnect();
    expect((await seen['socket_disconnected'])?.slice(0, 3)).toEqual([
      '/',
      id,
      'client namespace disconnect',
    ]);
  });

  test('acts on sockets', async () => {
    const { running, admin } = await administered();
    const client = await running.connected();
    const joined = heard(admin, 'room_joined');
    admin.emit('join', '/', 'room', client.id);
    expect((await joined).slice(0, 2)).toEqual(['/', 'room']);
    const received = heard(client, 'hello');
    admin.emit('emit', '/', 'room', 'hello', 1);
    expect(await received).toEqual([1]);
    const gone = heard(client, 'disconnect');
    admin.emit('_disconnect', '/', true, client.id);
    await gone;
  });
});

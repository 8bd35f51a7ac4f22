/** Who is refused the admin namespace keeps the rest, hears nothing, and may come back with the right token. */
import { createServer } from 'node:http';
import { io as connect, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard, type Running } from '../../hub/socketio/harness.ts';
import { withAdmin } from './admin-namespace.ts';
import { everyWay } from './transports.ts';

const harness = new Harness();
afterEach(() => harness.end());

function open(): Promise<Running> {
  const httpServer = createServer();
  return harness.run(withAdmin(httpServer, 'secret'), httpServer);
}

/** Another namespace on the connection that a client has already; it connects by itself. */
function beside(client: Socket, namespace: string, auth: object): Socket {
  return client.io.socket(namespace, { auth: auth as Record<string, unknown> });
}

for (const [way, options] of everyWay)
  describe(`An admin namespace ${way}`, () => {
    for (const [who, auth] of Object.entries({
      'who shows no token': {},
      'who shows a wrong token': { token: 'guess' },
      'who shows something else than a text': { token: ['secret'] },
    }))
      test(`refuses ${who}, says why, and leaves the other namespace alone`, async () => {
        const running = await open();
        const client = await running.connected('/', options);
        const refused = beside(client, '/admin', auth);
        const [error] = (await heard(refused, 'connect_error')) as [Error & { data: unknown }];
        expect(error.message).toBe('You may not come in here.');
        expect(error.data).toEqual({ code: 'unauthorised' });
        expect(refused.connected).toBe(false);
        expect(running.io.of('/admin').sockets.size).toBe(0);
        expect(await client.emitWithAck('echo', 'still here')).toBe('still here');
        expect(running.io.engine.clientsCount).toBe(1);
      });

    test('lets the same client in once it has the token, on the same connection', async () => {
      const running = await open();
      const client = await running.connected('/', options);
      const admin = beside(client, '/admin', {});
      await heard(admin, 'connect_error');
      admin.auth = { token: 'secret' };
      admin.connect();
      await heard(admin, 'connect');
      expect(await admin.emitWithAck('who is there')).toEqual([client.id]);
      expect(running.io.engine.clientsCount).toBe(1);
    });

    test('tells admins who comes and goes, and nobody else', async () => {
      const running = await open();
      const admin = await running.connected('/admin', { ...options, auth: { token: 'secret' } });
      const bystander = await running.connected('/', options);
      const overheard: string[] = [];
      bystander.onAny((event: string) => overheard.push(event));
      const refused = beside(bystander, '/admin', {});
      refused.onAny((event: string) => overheard.push(event));
      await heard(refused, 'connect_error');

      const came = heard(admin, 'came');
      const visitor = await running.connected('/', options);
      const { id } = visitor;
      expect(await came).toEqual([id]);
      const went = heard(admin, 'went');
      visitor.disconnect();
      expect(await went).toEqual([id, 'client namespace disconnect']);
      await bystander.emitWithAck('echo', 'the last thing said');
      expect(overheard).toEqual([]);
    });

    test('lets admins send somebody away, who then stays away', async () => {
      const running = await open();
      const admin = await running.connected('/admin', { ...options, auth: { token: 'secret' } });
      const unwanted = connect(running.url, { ...options, forceNew: true });
      await heard(unwanted, 'connect');
      const gone = heard(unwanted, 'disconnect');
      expect(await admin.emitWithAck('send away', unwanted.id)).toEqual({ ok: true });
      expect((await gone)[0]).toBe('io server disconnect');
      expect(unwanted.active).toBe(false);
      expect(await admin.emitWithAck('send away', 'nobody')).toEqual({ ok: false });
      unwanted.io.engine.close();
    });
  });

describe('An admin namespace', () => {
  test('closes the connection of who talks in it without having been let in', async () => {
    const running = await open();
    const raw = await running.raw();
    expect(await raw.join('40/admin,{"token":"guess"}')).toBe(
      '44/admin,{"message":"You may not come in here.","data":{"code":"unauthorised"}}',
    );
    raw.send('42/admin,1["who is there"]');
    await raw.closed;
    expect(running.io.engine.clientsCount).toBe(0);
  });
});

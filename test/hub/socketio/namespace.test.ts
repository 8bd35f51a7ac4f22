import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

describe('a namespace', () => {
  test('middlewares run in order before anyone hears of the socket', async () => {
    const { io, connected } = await open();
    const seen: string[] = [];
    io.use((_socket, next) => {
      seen.push('first');
      next();
    });
    io.use(async (_socket, next) => {
      await Promise.resolve();
      seen.push('second');
      next();
    });
    io.on('connection', () => seen.push('connection'));
    await connected();
    expect(seen).toEqual(['first', 'second', 'connection']);
  });

  test('a middleware refuses with a message and data, and the other namespaces live on', async () => {
    const { io, running } = await open();
    io.of('/admin').use((_socket, next) =>
      next(Object.assign(new Error('not you'), { data: { code: 'forbidden' } })),
    );
    io.of('/admin').use(() => expect.unreachable());
    const main = await running.connected();
    const admin = main.io.socket('/admin');
    const refused = heard(admin, 'connect_error');
    admin.connect();
    expect((await refused)[0]).toMatchObject({ message: 'not you', data: { code: 'forbidden' } });
    expect(main.connected).toBe(true);
    expect(io.of('/admin')._preConnectSockets.size).toBe(0);
  });

  test('of CONNECTs that come while the first is undecided, the newest is tried if the first is refused', async () => {
    const { io, running } = await open();
    let asked = 0;
    io.use((socket, next) => {
      asked += 1;
      next(socket.handshake.auth['token'] === 'right' ? undefined : new Error('not you'));
    });
    const raw = await running.raw();
    raw.send('40{"token":"wrong"}', '40{"token":"older"}', '40{"token":"right"}');
    expect(await raw.next()).toBe('44{"message":"not you"}');
    expect(await raw.next()).toMatch(/^40/);
    expect(asked).toBe(2);
  });

  test('a client that leaves while a middleware thinks is never connected', async () => {
    const { io, running } = await open();
    const entered = new Promise<() => void>((resolve) => {
      io.use((_socket, next) => resolve(next));
    });
    io.on('connection', () => expect.unreachable());
    const raw = await running.raw();
    raw.send('40');
    const next = await entered;
    const [session] = Object.values(io.engine.clients);
    const gone = once(session as never, 'close');
    raw.socket.terminate();
    await gone;
    next();
    await turn();
    expect([io.sockets.sockets.size, io.sockets._preConnectSockets.size]).toEqual([0, 0]);
  });

  test('sockets are listed while connected', async () => {
    const { io, connected } = await open();
    const client = await connected();
    expect([...io.sockets.sockets.keys()]).toEqual([client.id]);
    const [socket] = [...io.sockets.sockets.values()];
    const gone = heard(socket as never, 'disconnect');
    client.disconnect();
    await gone;
    expect(io.sockets.sockets.size).toBe(0);
  });

  test('serverSideEmit refuses reserved names and reaches other servers through the adapter', async () => {
    const { io } = await open();
    for (const name of ['connect', 'connection', 'new_namespace']) {
      expect(() => io.serverSideEmit(name)).toThrow(`"${name}" is a reserved event name`);
    }
    const sent: unknown[] = [];
    io.sockets.adapter.serverSideEmit = (packet) => void sent.push(packet);
    io.serverSideEmit('hello', 1);
    expect(sent).toEqual([['hello', 1]]);
  });

  test('an event of another server is raised on the namespace', async () => {
    const { io } = await open();
    const heardIt = heard(io, 'hello');
    io.sockets._onServerSideEmit(['hello', 1]);
    expect(await heardIt).toEqual([1]);
  });

  test('serverSideEmitWithAck resolves with the answers and rejects with those that came', async () => {
    const { io } = await open();
    io.sockets.adapter.serverSideEmit = (packet) => {
      (packet.at(-1) as (error: Error | null, answers: unknown[]) => void)(null, [1, 2]);
    };
    expect(await io.serverSideEmitWithAck('ask')).toEqual([1, 2]);
    io.sockets.adapter.serverSideEmit = (packet) => {
      (packet.at(-1) as (error: Error | null, answers: unknown[]) => void)(new Error('late'), [1]);
    };
    await expect(io.serverSideEmitWithAck('ask')).rejects.toMatchObject({ message: 'late', responses: [1] });
  });
});

async function open() {
  const running = await harness.start();
  return { running, io: running.io, connected: () => running.connected() };
}

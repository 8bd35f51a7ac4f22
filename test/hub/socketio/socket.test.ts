import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Socket } from '#socketio';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

async function pair(options: Parameters<Harness['start']>[0] = {}, clientOptions = {}) {
  const running = await harness.start(options);
  const connection = heard(running.io, 'connection');
  const client = await running.connected('/', clientOptions);
  const [socket] = (await connection) as [Socket];
  return { running, io: running.io, client, socket };
}

describe('a socket', () => {
  test('has an id of 20 characters that is not the id of the engine', async () => {
    const { socket, client } = await pair();
    expect(socket.id).toMatch(/^[\w-]{20}$/);
    expect(socket.id).toBe(client.id);
    expect(socket.id).not.toBe(socket.conn.id);
    expect([socket.connected, socket.disconnected, socket.recovered]).toEqual([true, false, false]);
    expect(socket.data).toEqual({});
  });

  test('knows the handshake of its client', async () => {
    const { socket } = await pair({}, { auth: { token: 'x' }, query: { a: '1' } });
    expect(socket.handshake).toMatchObject({
      auth: { token: 'x' },
      address: '127.0.0.1',
      secure: false,
      xdomain: false,
      query: { a: '1', EIO: '4', transport: 'websocket' },
      headers: { upgrade: 'websocket' },
    });
    expect(socket.handshake.issued).toBe(
      Date.parse(socket.handshake.time) + (socket.handshake.issued % 1000),
    );
    expect(() => structuredClone(socket.handshake)).not.toThrow();
  });

  test('acknowledges both ways, with many arguments and bytes', async () => {
    const { socket, client } = await pair();
    socket.on('sum', (a: number, b: number, ack: (...answer: unknown[]) => void) =>
      ack(a + b, Buffer.from('x')),
    );
    const answer = await new Promise((resolve) =>
      client.emit('sum', 1, 2, (...args: unknown[]) => resolve(args)),
    );
    expect(answer).toEqual([3, Buffer.from('x')]);
    client.on('ask', (ack: (answer: string) => void) => ack('yes'));
    expect(await socket.emitWithAck('ask')).toBe('yes');
    expect(await socket.timeout(1000).emitWithAck('ask')).toBe('yes');
  });

  test('an acknowledgement is sent once', async () => {
    const { socket, client } = await pair();
    socket.on('twice', (ack: (n: number) => void) => {
      ack(1);
      ack(2);
      socket.emit('done');
    });
    const answers: number[] = [];
    client.emit('twice', (n: number) => answers.push(n));
    await heard(client, 'done');
    expect(answers).toEqual([1]);
  });

  test('a timeout answers with an error, once', async () => {
    const { socket } = await pair();
    await expect(socket.timeout(5).emitWithAck('nobody')).rejects.toThrow('operation has timed out');
    expect(socket.acks.size).toBe(0);
  });

  test('refuses to emit reserved names', async () => {
    const { socket } = await pair();
    for (const name of [
      'connect',
      'connect_error',
      'disconnect',
      'disconnecting',
      'newListener',
      'removeListener',
    ]) {
      expect(() => socket.emit(name)).toThrow(`"${name}" is a reserved event name`);
    }
    expect(socket.emit('other')).toBe(true);
  });

  test('listeners are called with the socket as `this`, and `once` only once', async () => {
    const { socket, client } = await pair();
    const seen: unknown[] = [];
    socket.once('x', function record(this: unknown) {
      seen.push(this);
    });
    socket.on('end', () => socket.emit('end'));
    client.emit('x').emit('x').emit('end');
    await heard(client, 'end');
    expect(seen).toEqual([socket]);
  });

  test('catch-all listeners see what comes in, before the middlewares, and what goes out', async () => {
    const { socket, client } = await pair();
    const seen: unknown[] = [];
    socket.onAny((...args: unknown[]) => seen.push(['second', ...args]));
    socket.prependAny((name: string) => seen.push(['first', name]));
    socket.use(([name], next) => {
      seen.push(['middleware', name]);
      next();
    });
    socket.onAnyOutgoing((...args: unknown[]) => seen.push(['out', ...args]));
    socket.on('x', () => socket.emit('end', 1));
    client.emit('x', 1);
    await heard(client, 'end');
    expect(seen).toEqual([
      ['first', 'x'],
      ['second', 'x', 1],
      ['middleware', 'x'],
      ['out', 'end', 1],
    ]);
    expect(socket.listenersAny()).toHaveLength(2);
    expect(socket.offAny().listenersAny()).toEqual([]);
    expect(socket.offAnyOutgoing(socket.listenersAnyOutgoing()[0]).listenersAnyOutgoing()).toEqual([]);
  });

  test('catch-all listeners see broadcasts too', async () => {
    const { socket, io } = await pair();
    const seen: unknown[] = [];
    socket.onAnyOutgoing((...args: unknown[]) => seen.push(args));
    io.emit('all', 1);
    expect(seen).toEqual([['all', 1]]);
  });

  test('an error of its middleware is raised on this socket, not sent', async () => {
    const { socket, client } = await pair();
    socket.use((_event, next) => next(new Error('no')));
    const error = heard(socket, 'error');
    client.emit('x');
    expect(((await error)[0] as Error).message).toBe('no');
    expect(client.connected).toBe(true);
  });

  test('an event named error without listeners harms nobody', async () => {
    const { socket, client } = await pair();
    client.emit('error', 'x');
    socket.on('ping me', () => socket.emit('ok'));
    client.emit('ping me');
    await heard(client, 'ok');
  });

  test('rooms are intact in disconnecting and empty in disconnect; joining later does nothing', async () => {
    const { socket, client, io } = await pair();
    void socket.join(['a', 'b']);
    const sizes: unknown[] = [];
    socket.on('disconnecting', (reason) => sizes.push([reason, socket.rooms.size]));
    const disconnected = heard(socket, 'disconnect');
    client.disconnect();
    const [reason] = await disconnected;
    expect(sizes).toEqual([['client namespace disconnect', 3]]);
    expect([reason, socket.rooms.size, socket.connected]).toEqual(['client namespace disconnect', 0, false]);
    void socket.join('c');
    expect(io.sockets.adapter.rooms.size).toBe(0);
  });

  test('leaves one room or several', async () => {
    const { socket } = await pair();
    await socket.join(['a', 'b', 'c']);
    await socket.leave(['a', 'c', 'unknown']);
    expect([...socket.rooms]).toEqual([socket.id, 'b']);
    await socket.leave('b');
    expect([...socket.rooms]).toEqual([socket.id]);
  });

  test('has data and auth of its own, also if the client sent none', async () => {
    const { running, socket } = await pair();
    const connection = heard(running.io, 'connection');
    await running.connected('/', {});
    const [other] = (await connection) as [Socket];
    socket.handshake.auth['user'] = 'a';
    socket.data['seen'] = 1;
    expect([other.handshake.auth, other.data]).toEqual([{}, {}]);
    socket.data = undefined;
    expect(socket.data).toBeUndefined();
  });

  test('leaveAll() leaves all rooms, its own too', async () => {
    const { socket } = await pair();
    void socket.join(['a', 'b']);
    socket.leaveAll();
    expect(socket.rooms.size).toBe(0);
  });

  test('disconnect() keeps the connection, disconnect(true) closes it', async () => {
    const { socket, client, running } = await pair();
    const reason = heard(client, 'disconnect');
    expect(socket.disconnect()).toBe(socket);
    expect((await reason)[0]).toBe('io server disconnect');
    expect(running.io.engine.clientsCount).toBe(1);
    client.connect();
    await heard(client, 'connect');
    const [again] = [...running.io.sockets.sockets.values()];
    const closed = heard(client.io.engine, 'close');
    again?.disconnect(true);
    await closed;
  });

  test('a lost connection is a transport close', async () => {
    const { socket, client } = await pair();
    const reason = heard(socket, 'disconnect');
    client.io.engine.close();
    expect((await reason)[0]).toBe('transport close');
  });

  test('nothing is heard after a disconnect', async () => {
    const { socket, client } = await pair();
    let heardLate = false;
    socket.on('late', () => {
      heardLate = true;
    });
    socket.onAny(() => socket.disconnect());
    client.emit('late');
    await heard(client, 'disconnect');
    await turn();
    expect(heardLate).toBe(false);
  });

  test('send and write emit `message`', async () => {
    const { socket, client } = await pair();
    const messages: unknown[] = [];
    client.on('message', (...args: unknown[]) => messages.push(args));
    socket.send('a', 1).write('b').emit('end');
    await heard(client, 'end');
    expect(messages).toEqual([['a', 1], ['b']]);
  });

  test('bytes queued for a client that does not read are counted', async () => {
    const { socket, client } = await pair();
    expect(socket.bufferedBytes).toBe(0);
    const chunk = 'x'.repeat(100_000);
    const { ws } = client.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } };
    ws.pause();
    for (let i = 0; i < 100; i += 1) socket.emit('chunk', chunk);
    await turn();
    expect(socket.bufferedBytes).toBeGreaterThan(1_000_000);
    ws.resume();
  });
});

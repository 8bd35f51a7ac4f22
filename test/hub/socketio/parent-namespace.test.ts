import { afterEach, describe, expect, test } from 'vitest';
import { Server } from '#socketio';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

describe('a parent namespace', () => {
  test('makes a child for each name that matches, with its middlewares and listeners', async () => {
    const running = await harness.start();
    const { io } = running;
    const seen: string[] = [];
    const parent = io.of(/^\/group-\d+$/);
    parent.use((socket, next) => {
      seen.push(`use ${socket.nsp.name}`);
      next();
    });
    parent.on('connection', (socket) => seen.push(`connection ${socket.nsp.name}`));
    io.on('new_namespace', ({ name }) => seen.push(`new ${name}`));
    await running.connected('/group-1');
    await running.connected('/group-1');
    expect(seen).toEqual([
      'new /group-1',
      'use /group-1',
      'connection /group-1',
      'use /group-1',
      'connection /group-1',
    ]);
    const refused = heard(running.client('/group-x'), 'connect_error');
    expect((await refused)[0]).toMatchObject({ message: 'Invalid namespace' });
  });

  test('a function decides by name and auth, now or later', async () => {
    const running = await harness.start();
    running.io.of((name, auth, next) => {
      setImmediate(() => next(null, name === '/ok' && auth['token'] === 'x'));
    });
    await running.connected('/ok', { auth: { token: 'x' } });
    const refused = heard(running.client('/no', { auth: { token: 'x' } }), 'connect_error');
    expect((await refused)[0]).toMatchObject({ message: 'Invalid namespace' });
  });

  test('clients that come at the same time share one child', async () => {
    const running = await harness.start();
    const made: string[] = [];
    running.io.on('new_namespace', ({ name }) => made.push(name));
    running.io.of((_name, _auth, next) => setImmediate(() => next(null, true)));
    const before = made.length;
    await Promise.all([running.connected('/same'), running.connected('/same')]);
    expect(made.slice(before)).toEqual(['/same']);
  });

  test('its broadcasts reach all children', async () => {
    const running = await harness.start();
    const parent = running.io.of(/^\/\w$/);
    const clients = [await running.connected('/a'), await running.connected('/b')];
    const received = Promise.all(clients.map((client) => heard(client, 'all')));
    parent.emit('all', 1);
    expect(await received).toEqual([[1], [1]]);
    expect(() => parent.fetchSockets()).toThrow('not supported on parent namespaces');
  });

  test('its broadcasts are recovered in each child with one offset', async () => {
    const running = await harness.start({ connectionStateRecovery: {} });
    const parent = running.io.of(/^\/\w$/);
    const raw = await running.raw();
    await raw.join('40/a,');
    await raw.join('40/b,');
    parent.emit('all');
    for (const name of ['a', 'b']) {
      const frame = String(await raw.next());
      expect(frame.startsWith(`42/${name},`)).toBe(true);
      expect(JSON.parse(frame.slice(5))).toEqual(['all', expect.any(String)]);
    }
  });

  test('io.of(name) that matches a pattern makes the child under it', () => {
    const io = new Server();
    const parent = io.of(/^\/group-/);
    let listened = 0;
    parent.use(() => (listened += 1));
    expect(io.of('/group-1')._fns).toHaveLength(1);
    expect(io._nsps.get('/group-1')).toBe(io.of('/group-1'));
  });

  test('patterns that remember where they stopped are refused', () => {
    const io = new Server();
    expect(() => io.of(/^\/x$/g)).toThrow();
    expect(() => io.of(/^\/x$/y)).toThrow();
  });

  test('an empty child goes, if so wanted, and comes again', async () => {
    const running = await harness.start({ cleanupEmptyChildNamespaces: true });
    const { io } = running;
    io.of(/^\/group-/);
    const client = await running.connected('/group-1');
    const child = io.of('/group-1');
    let closed = false;
    child.adapter.close = () => {
      closed = true;
    };
    const [socket] = [...child.sockets.values()];
    const gone = heard(socket as never, 'disconnect');
    client.disconnect();
    await gone;
    expect([closed, io._nsps.has('/group-1')]).toEqual([true, false]);
    await running.connected('/group-1');
    expect(io.of('/group-1')).not.toBe(child);
  });

  test('children stay otherwise', async () => {
    const running = await harness.start();
    running.io.of(/^\/group-/);
    const client = await running.connected('/group-1');
    const [socket] = [...running.io.of('/group-1').sockets.values()];
    const gone = heard(socket as never, 'disconnect');
    client.disconnect();
    await gone;
    expect(running.io._nsps.has('/group-1')).toBe(true);
  });
});

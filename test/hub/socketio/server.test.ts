import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as OfficialEngine } from 'engine.io';
import * as msgpackParser from 'socket.io-msgpack-parser';
import { Adapter as OfficialAdapter } from 'socket.io-adapter';
import { afterEach, describe, expect, test } from 'vitest';
import { Server } from '#socketio';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

describe('a server', () => {
  test('has the documented defaults', () => {
    const io = new Server();
    expect([io.path(), io.connectTimeout(), io.serveClient()]).toEqual(['/socket.io', 45_000, true]);
    expect(io.sockets.name).toBe('/');
    expect(io.of('/')).toBe(io.sockets);
  });

  test('setters return the server, getters the value; the path loses its last slash', () => {
    const io = new Server();
    expect(io.path('/live/').connectTimeout(5).serveClient(false)).toBe(io);
    expect([io.path(), io.connectTimeout(), io.serveClient()]).toEqual(['/live', 5, false]);
  });

  test('listens on a port at once, given as number or text', async () => {
    for (const port of [0, '0']) {
      const io = new Server(port);
      expect((io.httpServer.address() as AddressInfo).port).toBeGreaterThan(0);
      await io.close();
    }
  });

  test('refuses a request handler in place of a server', () => {
    const io = new Server();
    expect(() => io.attach((() => undefined) as never)).toThrow('express request handler');
  });

  test('leaves other requests of the HTTP server alone', async () => {
    const running = await harness.start();
    running.httpServer.on('request', (request, response) => {
      if (request.url === '/hello') response.end('hello');
    });
    expect(await (await fetch(`${running.url}/hello`)).text()).toBe('hello');
  });

  test('answers 404 to other requests of a server it made itself', async () => {
    const io = new Server(0);
    const { port } = io.httpServer.address() as AddressInfo;
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    await io.close();
  });

  test('shares its events with the namespace "/"', async () => {
    const { io, connected } = await start();
    const sockets: unknown[] = [];
    io.on('connection', (socket) => sockets.push(socket));
    io.sockets.once('connect', (socket) => sockets.push(socket));
    await connected();
    expect(new Set(sockets).size).toBe(1);
    expect(io.listenerCount('connection')).toBe(1);
    expect(io.removeAllListeners('connection').listeners('connection')).toEqual([]);
  });

  test('says when a namespace is made', () => {
    const io = new Server();
    const names: string[] = [];
    io.on('new_namespace', ({ name }) => names.push(name));
    io.of('a');
    io.of('/a');
    io.of('/b');
    expect(names).toEqual(['/a', '/b']);
  });

  test('works on the npm engine through bind', async () => {
    const httpServer = createServer();
    const io = new Server();
    io.bind(attachOfficial(httpServer));
    io.on('connection', (socket) => socket.on('echo', (value, ack) => ack(value)));
    const running = await harness.run(io, httpServer);
    const client = await running.connected();
    expect(await client.emitWithAck('echo', 5)).toBe(5);
    httpServer.close();
  });

  test('closes: sockets hear why, clients may come back, the HTTP server stops', async () => {
    const { io, connected, running } = await start();
    const client = await connected();
    const [socket] = [...io.sockets.sockets.values()];
    const reason = heard(socket as never, 'disconnect');
    const clientReason = heard(client, 'disconnect');
    await io.close();
    expect((await reason)[0]).toBe('server shutting down');
    expect((await clientReason)[0]).toBe('transport close');
    expect(running.httpServer.listening).toBe(false);
  });

  test('gives the error of a server that was not running to the callback', async () => {
    const io = new Server(createServer());
    const error = await new Promise((resolve) => void io.close(resolve));
    expect(error).toMatchObject({ code: 'ERR_SERVER_NOT_RUNNING' });
  });

  test('works with another parser', async () => {
    const { io, running } = await start({ parser: msgpackParser as never });
    io.on('connection', (socket) =>
      socket.on('echo', (...args: unknown[]) => (args.pop() as (...a: unknown[]) => void)(...args)),
    );
    const client = await running.connected('/', { parser: msgpackParser });
    expect(await client.emitWithAck('echo', { bytes: Buffer.from('x'), n: [1, null] })).toEqual({
      bytes: Buffer.from('x'),
      n: [1, null],
    });
    const received = heard(client, 'all');
    io.emit('all', 1);
    expect(await received).toEqual([1]);
  });

  test('takes the npm adapter class, a function that makes one, and replaces adapters later', async () => {
    const { io, running } = await start({ adapter: OfficialAdapter });
    io.on('connection', (socket) => void socket.join('room'));
    const client = await running.connected();
    const received = heard(client, 'hello');
    io.to('room').emit('hello', Buffer.from('x'));
    expect(await received).toEqual([Buffer.from('x')]);
    client.on('ask', (ack: (n: number) => void) => ack(7));
    expect(await io.timeout(1000).emitWithAck('ask')).toEqual([7]);
    expect((await io.in('room').fetchSockets()).map(({ id }) => id)).toEqual([client.id]);
    expect(io.adapter((nsp: unknown) => new OfficialAdapter(nsp))).toBe(io);
    expect(io.sockets.adapter.rooms.size).toBe(0);
  });

  test('closes a connection that joins no namespace in time', async () => {
    const { running } = await start({ connectTimeout: 10 });
    const raw = await running.raw();
    await raw.closed;
  });

  test('a server that listens nowhere can be closed', async () => {
    await new Server().close();
  });
});

function attachOfficial(httpServer: ReturnType<typeof createServer>): OfficialEngine {
  const engine = new OfficialEngine();
  engine.attach(httpServer, { path: '/socket.io' });
  return engine;
}

async function start(options: Parameters<Harness['start']>[0] = {}) {
  const running = await harness.start(options);
  return { running, io: running.io, connected: () => running.connected() };
}

describe('connections of a server', () => {
  test('three namespaces share one connection', async () => {
    const { io, running } = await start();
    io.of('/a');
    io.of('/b');
    const main = await running.connected();
    const [a, b] = [main.io.socket('/a'), main.io.socket('/b')];
    a.connect();
    b.connect();
    await Promise.all([once(a as never, 'connect'), once(b as never, 'connect')]);
    expect(io.engine.clientsCount).toBe(1);
    expect(new Set([main.id, a.id, b.id]).size).toBe(3);
    a.disconnect();
    io.of('/b').emit('still');
    await heard(b, 'still');
  });

  test('polling works and upgrades', async () => {
    const { io, running } = await start();
    io.on('connection', (socket) =>
      socket.on('echo', (value: unknown, ack: (value: unknown) => void) => ack(value)),
    );
    const client = await running.connected('/', { transports: ['polling'] });
    expect(await client.emitWithAck('echo', Buffer.from('x'))).toEqual(Buffer.from('x'));
    const upgrading = running.client('/', { transports: ['polling', 'websocket'] });
    await heard(upgrading, 'connect');
    if (upgrading.io.engine.transport.name !== 'websocket')
      await once(upgrading.io.engine as never, 'upgrade');
    expect(await upgrading.emitWithAck('echo', 2)).toBe(2);
  });
});

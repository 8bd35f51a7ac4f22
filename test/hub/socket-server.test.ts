import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeGently, createSocketServer } from '../../hub/socket-server.ts';
import { CountersProbe, silentLog } from '../support/fakes.ts';
import { until } from '../support/hub-process.ts';

let http: HttpServer;
let server: ReturnType<typeof createSocketServer>;
let counters: CountersProbe;
let url: string;
let clients: Socket[];
/** Those whose turn it is not; undefined: it is everybody's at once. */
let waiting: (() => boolean)[] | undefined;

beforeEach(async () => {
  http = createServer();
  counters = new CountersProbe();
  clients = [];
  waiting = undefined;
  const turns = {
    take(_connection: object, work: () => boolean) {
      if (waiting === undefined) work();
      else waiting.push(work);
    },
  };
  server = createSocketServer(http, {
    origins: ['https://board.example'],
    log: silentLog,
    counters,
    turns,
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const client of clients) client.disconnect();
  await server.close();
});

async function connect(origin?: string): Promise<Socket> {
  const client = io(url, {
    forceNew: true,
    reconnection: false,
    ...(origin === undefined ? {} : { extraHeaders: { origin } }),
  });
  clients.push(client);
  await new Promise<void>((resolve, reject) => client.on('connect', resolve).on('connect_error', reject));
  return client;
}

describe('The Socket.IO server of the hub', () => {
  test('answers and counts a listener that throws, and goes on', async () => {
    server.on('connection', (socket) => {
      socket.on('break', () => {
        throw new Error('a defect');
      });
    });
    const client = await connect();
    expect(await client.timeout(2000).emitWithAck('break')).toMatchObject({
      ok: false,
      error: { code: 'internal' },
    });
    expect(counters.counts.get('socketio/listener-failed')).toBe(1);
    expect(client.connected).toBe(true);
  });

  test('lets in its own pages and the allowed origins, and no other page', async () => {
    expect((await connect(url)).connected).toBe(true);
    expect((await connect('https://board.example')).connected).toBe(true);
    await expect(connect('https://evil.example')).rejects.toThrow();
  });

  test('lets in when it is their turn', async () => {
    waiting = [];
    const two = [connect(), connect()];
    await until(() => waiting?.length === 2, 5000);
    expect(server.engine.clientsCount).toBe(0);
    const works = waiting;
    waiting = undefined;
    for (const work of works) work();
    expect((await Promise.all(two)).map(({ connected }) => connected)).toEqual([true, true]);
  });

  test('serves the client to plain pages', async () => {
    const response = await fetch(`${url}/socket.io/socket.io.min.js`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Socket.IO');
  });

  test('ends connections so that their clients come back', async () => {
    const client = await connect();
    const reason = new Promise<string>((resolve) => client.on('disconnect', resolve));
    await closeGently(server);
    // A client in the middle of its upgrade may see an error; it stays away only after "io server disconnect".
    expect(await reason).toMatch(/^transport (close|error)$/);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Watcher } from '../../../simulators/demo/watcher.ts';
import { eventually } from '../support/eventually.ts';

type Ack = (answer: unknown) => void;

let io: Server;
let url: string;
let sockets: Socket[];
let requests: unknown[];
let answer: unknown;

beforeEach(async () => {
  const server = createServer();
  io = new Server(server);
  [sockets, requests] = [[], []];
  answer = { ok: true, view: 'v', epoch: 'e', offset: 0, latest: [] };
  io.of('/stall').on('connection', (socket) => {
    sockets.push(socket);
    socket.on('subscribe', (request: unknown, ack: Ack) => {
      requests.push(request);
      ack(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => io.close());

const open = () => Watcher.open({ url, group: 'stall', token: 'viewer' });
const frame = (padding = '') => ({
  view: 'v',
  offset: 1,
  time: Date.now(),
  readings: [['d', 0, { m: padding }]],
});

describe('a dashboard without a face', () => {
  test('subscribes raw with its token and measures how old readings are when they come', async () => {
    const watcher = await open();
    expect(sockets[0]?.handshake.auth).toEqual({ token: 'viewer' });
    expect(requests).toEqual([{ mode: 'raw' }]);
    sockets[0]?.emit('readings', frame());
    sockets[0]?.emit('gap', {});
    await eventually(() => watcher.gaps === 1);
    expect([watcher.readings, watcher.latencies.count]).toEqual([1, 1]);
    watcher.close();
  });

  test('frozen, it reads nothing from its socket; thawed, it reads what waited', async () => {
    const [frozen, healthy] = [await open(), await open()];
    frozen.freeze();
    for (let count = 0; count < 50; count += 1)
      for (const socket of sockets) socket.emit('readings', frame());
    await eventually(() => healthy.readings === 50);
    expect(frozen.readings).toBe(0);
    frozen.thaw();
    await eventually(() => frozen.readings === 50);
    frozen.close();
    healthy.close();
  });

  test('tells why it is not connected any more', async () => {
    const watcher = await open();
    sockets[0]?.disconnect(true);
    expect(await eventually(() => watcher.endReason)).toBe('io server disconnect');
  });

  test('a refused subscription is one sentence', async () => {
    answer = { ok: false, error: { code: 'forbidden', message: 'You may not.' } };
    await expect(open()).rejects.toThrow('A dashboard could not subscribe: You may not.');
  });
});

import { once } from 'node:events';
import { expect, test } from 'vitest';
import { EngineUnderTest } from './engine-under-test.ts';
import { FrameLog } from './raw-client.ts';
import { io } from 'socket.io-client';

test('nothing is lost or reordered while twenty clients upgrade under two-way load', async () => {
  await using server = await EngineUnderTest.start();
  const count = 60;
  const received = new Map<string, string[]>();
  server.engine.on('connection', (session) => {
    const log: string[] = [];
    received.set(session.id, log);
    let sent = 0;
    session.on('message', (data: string) => {
      if (data === '0') session.send('0{"sid":"x"}');
      else log.push(data);
      for (let each = 0; each < 3 && sent < count; each += 1) session.send(`2["n",${(sent += 1)}]`);
    });
  });
  const clients = Array.from({ length: 20 }, async () => {
    const client = io(`http://127.0.0.1:${server.port}`, { path: '/engine.io', forceNew: true });
    const numbers: number[] = [];
    let upgraded = false;
    client.io.engine.on('upgrade', () => (upgraded = true));
    client.on('n', (n: number) => numbers.push(n));
    await new Promise<void>((resolve) => client.on('connect', () => resolve()));
    const sid = client.io.engine.id ?? '';
    for (let n = 0; n < count; n += 1) {
      client.emit('m', n);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect
      .poll(() => [numbers.length, received.get(sid)?.length, upgraded], { timeout: 5000 })
      .toEqual([count, count, true]);
    client.close();
    expect(numbers).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    expect(received.get(sid)).toEqual(Array.from({ length: count }, (_, n) => `2["m",${n}]`));
  });
  await Promise.all(clients);
});

test('a client that never polls again may upgrade at once', async () => {
  await using server = await EngineUnderTest.start();
  const { sid, session } = await server.open();
  session.send('waiting');
  const client = await new FrameLog(server.webSocketUrl({ sid })).opened();
  client.socket.send('2probe');
  await client.received(1);
  expect(session.upgrading).toBe(true);
  const upgraded = once(session, 'upgrade');
  client.socket.send('5');
  await upgraded;
  expect(await client.received(2)).toEqual(['3probe', '4waiting']);
  expect([session.upgrading, session.upgraded, session.transport.name]).toEqual([false, true, 'websocket']);
});

test('a session that ends in the middle of its upgrade takes the probe with it', async () => {
  await using server = await EngineUnderTest.start();
  const { sid, session } = await server.open();
  const client = await new FrameLog(server.webSocketUrl({ sid })).opened();
  client.socket.send('2probe');
  await client.received(1);
  session.close(true);
  await client.closed;
  expect(server.engine.clientsCount).toBe(0);
});

test('a probe that loses its connection leaves the session where it was', async () => {
  await using server = await EngineUnderTest.start();
  const { sid, session } = await server.open();
  const client = await new FrameLog(server.webSocketUrl({ sid })).opened();
  client.socket.send('2probe');
  await client.received(1);
  client.socket.terminate();
  await expect.poll(() => session.upgrading).toBe(false);
  session.send('here');
  expect(await server.poll(sid)).toBe('4here');
});

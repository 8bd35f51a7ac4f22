import { once } from 'node:events';
import { Adapter } from 'socket.io-adapter';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { BroadcastOperator, Socket } from '#socketio';
import { Harness, heard } from './harness.ts';
import { plug, stall } from './stalled-client.ts';

const harness = new Harness();
afterEach(() => harness.end());

const budget = 10_000;
const kilobyte = 'x'.repeat(1000);

describe('a client that keeps up', () => {
  for (const policy of ['buffer', 'drop-oldest', 'latest', 'disconnect'] as const) {
    test(`misses nothing under ${policy}, however much a tick brings`, async () => {
      const running = await harness.start();
      running.io.slowConsumers({ policy, maxBufferedBytes: budget });
      const client = await running.connected();
      const received: number[] = [];
      client.on('x', (n: number) => received.push(n));
      for (let n = 0; n < 100; n += 1) running.io.emit('x', n, kilobyte);
      running.io.emit('end');
      await heard(client, 'end');
      expect(received).toEqual(Array.from({ length: 100 }, (_, n) => n));
      expect([...running.io.sockets.sockets.values()][0]?.droppedPackets).toBe(0);
    });
  }
});

describe('drop-oldest', () => {
  test('keeps the newest events within the budget, and counts the others', async () => {
    const { running, socket, received } = await stall(harness);
    running.io.slowConsumers({ policy: 'drop-oldest', maxBufferedBytes: budget });
    for (let n = 0; n < 100; n += 1) running.io.emit('x', n, kilobyte);
    expect(socket.bufferedBytes).toBeLessThan(plug.length + budget + 200);
    const dropped = socket.droppedPackets;
    expect(dropped).toBeGreaterThan(85);
    expect(running.io.sockets.droppedPackets).toBe(dropped);
    expect(await received()).toEqual(Array.from({ length: 100 - dropped }, (_, n) => dropped + n));
  });

  test('of one event drops nothing that was sent without', async () => {
    const { running, socket, received } = await stall(harness);
    running.io.slowConsumers({ maxBufferedBytes: budget });
    for (let n = 0; n < 5; n += 1) socket.emit('x', `kept ${n}`, kilobyte);
    for (let n = 0; n < 20; n += 1) socket.policy('drop-oldest').emit('x', n, kilobyte);
    const events = await received();
    expect(events.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((n) => `kept ${n}`));
    expect(events.at(-1)).toBe(19);
    expect(events.length).toBe(25 - socket.droppedPackets);
  });

  test('never drops what wants an acknowledgement, nor what is no event', async () => {
    const { running, socket, raw } = await stall(harness);
    running.io.slowConsumers({ policy: 'drop-oldest', maxBufferedBytes: 1 });
    socket.emit('x', 'asked', () => undefined);
    running.io.to(socket.id).emit('x', 'asked too', () => undefined);
    socket.emit('x', 'dropped');
    socket.emit('x', 'newest');
    raw.send('40/other,');
    const other = heard(running.io.of('/other'), 'connection');
    await other;
    socket.disconnect();
    raw.socket.resume();
    await raw.next();
    expect([await raw.next(), await raw.next(), await raw.next()]).toEqual([
      '420["x","asked"]',
      '421["x","asked too"]',
      '42["x","newest"]',
    ]);
    expect(String(await raw.next())).toMatch(/^40\/other,/);
    expect(await raw.next()).toBe('41');
  });

  test('drops binary events with their attachments', async () => {
    const { running, socket, received } = await stall(harness);
    running.io.slowConsumers({ policy: 'drop-oldest', maxBufferedBytes: budget });
    for (let n = 0; n < 50; n += 1)
      running.io.emit('x', n, Buffer.alloc(700), { deep: Buffer.alloc(300 + n) });
    const dropped = socket.droppedPackets;
    const expected = Array.from({ length: 50 - dropped }, (_, n) => [dropped + n, 700, 300 + dropped + n]);
    expect(dropped).toBeGreaterThan(0);
    expect(await received()).toEqual(expected.flat());
  });

  test('does not take back attachments whose event was sent', async () => {
    const running = await harness.start();
    running.io.slowConsumers({ policy: 'drop-oldest', maxBufferedBytes: 1 });
    const raw = await running.raw();
    const connection = heard(running.io, 'connection');
    await raw.join();
    const [socket] = (await connection) as [Socket];
    raw.socket.pause();
    // The first attachment blocks the transport; the second waits, and is no longer to be dropped.
    socket.emit('x', 'first', Buffer.alloc(plug.length), Buffer.alloc(5));
    for (let n = 0; n < 3; n += 1) socket.emit('x', n);
    running.io.emit('end');
    raw.socket.resume();
    const frames = [await raw.next(), await raw.next(), await raw.next(), await raw.next()];
    expect(frames.map((frame) => (typeof frame === 'string' ? frame.slice(0, 4) : frame.length))).toEqual([
      '452-',
      plug.length,
      5,
      '42["',
    ]);
    expect(socket.droppedPackets).toBeGreaterThan(0);
  });

  test('holds for a client that does not poll', async () => {
    const running = await harness.start();
    running.io.slowConsumers({ policy: 'drop-oldest', maxBufferedBytes: budget });
    const connection = heard(running.io, 'connection');
    const base = `${running.url}/socket.io/?EIO=4&transport=polling`;
    const { sid } = JSON.parse((await (await fetch(base)).text()).slice(1)) as { sid: string };
    await fetch(`${base}&sid=${sid}`, { method: 'POST', body: '40' });
    const [socket] = (await connection) as [Socket];
    await fetch(`${base}&sid=${sid}`);
    for (let n = 0; n < 1000; n += 1) running.io.emit('x', n, kilobyte);
    expect(socket.bufferedBytes).toBeLessThanOrEqual(budget);
    expect(socket.droppedPackets).toBe(991);
    expect(await (await fetch(`${base}&sid=${sid}`)).text()).toMatch(/^42\["x",991,/);
  });
});

test('the cap of the engine, which counts what is being written too, makes way in time', async () => {
  const running = await harness.start({ maxBufferedBytes: 200_000 });
  running.io.slowConsumers({ policy: 'drop-oldest' });
  const raw = await running.raw();
  const connection = heard(running.io, 'connection');
  await raw.join();
  const [socket] = (await connection) as [Socket];
  raw.socket.pause();
  while (socket.droppedPackets < 1000) {
    for (let n = 0; n < 200; n += 1) running.io.emit('x', kilobyte);
    await new Promise(setImmediate);
  }
  expect(socket.connected).toBe(true);
  expect(socket.bufferedBytes).toBeLessThanOrEqual(200_000);
  raw.socket.resume();
});

describe('disconnect', () => {
  test('is not for the first event that waits, whatever its size', async () => {
    const { running, socket } = await stall(harness);
    running.io.slowConsumers({ policy: 'disconnect', maxBufferedBytes: 1 });
    running.io.emit('x', kilobyte);
    expect(socket.connected).toBe(true);
    running.io.emit('x', kilobyte);
    expect(socket.connected).toBe(false);
  });

  test('ends the connection at the budget with 1013 and its reason, without a disconnect packet', async () => {
    const { running, socket, raw } = await stall(harness);
    running.io.of('/').slowConsumers({ policy: 'disconnect', maxBufferedBytes: budget });
    const gone = heard(socket, 'disconnect');
    const frames: string[] = [];
    raw.socket.on('message', (data: Buffer) => frames.push(data.toString('utf8', 0, 3)));
    for (let n = 0; n < 20; n += 1) running.io.emit('x', kilobyte);
    expect(await gone).toEqual(['slow consumer', undefined]);
    raw.socket.resume();
    const [code, reason] = (await raw.closed) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([1013, 'slow consumer']);
    expect(frames).not.toContain('41');
    expect(running.io.engine.lastCloses.at(-1)?.reason).toBe('slow consumer');
  });
});

describe('buffer', () => {
  test('is the default, and keeps everything', async () => {
    const { running, socket, received } = await stall(harness);
    for (let n = 0; n < 1000; n += 1) running.io.emit('x', n, kilobyte);
    expect(socket.bufferedBytes).toBeGreaterThan(1e6);
    expect((await received()).length).toBe(1000);
  });

  test('of one event stands above the policy of its namespace', async () => {
    const { running, socket, received } = await stall(harness);
    running.io.slowConsumers({ policy: 'drop-oldest', maxBufferedBytes: 1 });
    for (let n = 0; n < 3; n += 1) socket.policy('buffer').emit('x', n);
    expect(await received()).toEqual([0, 1, 2]);
  });
});

describe('the policy of a parent namespace', () => {
  test('is that of its children, those it has and those to come', async () => {
    const running = await harness.start();
    const parent = running.io.of(/^\/ward-\d$/);
    const before = running.io.of('/ward-1');
    parent.slowConsumers({ policy: 'latest' });
    for (const namespace of [before, running.io.of('/ward-2')]) {
      const raw = await running.raw();
      const connection = heard(namespace, 'connection');
      await raw.join(`40${namespace.name},`);
      const [socket] = (await connection) as [Socket];
      raw.socket.pause();
      socket.policy('buffer').emit('plug', plug);
      for (let n = 0; n < 5; n += 1) namespace.emit('x', n);
      expect([namespace.droppedPackets, socket.droppedPackets]).toEqual([4, 4]);
    }
  });
});

test('what waits when a connection is being closed is still sent', async () => {
  const { running, socket, raw } = await stall(harness);
  running.io.slowConsumers({ policy: 'drop-oldest', maxBufferedBytes: 1 });
  running.io.latest('a').emit('x', 'before');
  socket.conn.close();
  running.io.latest('a').emit('x', 'after');
  running.io.emit('x', 'after');
  raw.socket.resume();
  await raw.next();
  expect(await raw.next()).toBe('42["x","before"]');
  await raw.closed;
  expect(socket.droppedPackets).toBe(0);
});

test('an adapter that would not pass a policy on is warned of', async () => {
  const running = await harness.start({ adapter: Adapter as never });
  const warning = once(process, 'warning');
  running.io.slowConsumers({ policy: 'drop-oldest' });
  expect((await warning)[0]).toMatchObject({ code: 'SOCKETIO_NO_SLOW_CONSUMERS' });
});

test('volatile events that are dropped are counted too', async () => {
  const { running, socket } = await stall(harness);
  running.io.volatile.emit('x');
  socket.volatile.emit('x');
  expect([socket.droppedPackets, running.io.sockets.droppedPackets]).toEqual([2, 2]);
});

test('policies keep the types of events', () => {
  interface Events {
    x: (n: number) => void;
  }
  expectTypeOf<BroadcastOperator<Events, unknown>['latest']>().returns.toEqualTypeOf<
    BroadcastOperator<Events, unknown>
  >();
  expectTypeOf<Parameters<Socket<Events, Events>['policy']>[0]>().toEqualTypeOf<
    'buffer' | 'drop-oldest' | 'latest' | 'disconnect'
  >();
});

import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { EngineUnderTest } from './engine-under-test.ts';
import { FrameLog } from './raw-client.ts';
import type { ServerOptions, Session } from '../../../../hub/socketio/engine/index.ts';

async function connect(options: ServerOptions = {}) {
  const server = await EngineUnderTest.start(options);
  const connected = server.nextConnection();
  const client = new FrameLog(server.webSocketUrl());
  await client.received(1);
  client.frames.shift();
  return { server, client, session: await connected };
}

function closeOf(session: Session): Promise<unknown[]> {
  return once(session, 'close');
}

describe('sending', () => {
  test('ten messages of one tick arrive in order and leave in one write', async () => {
    const { server, client, session } = await connect();
    const socket = (session.transport as unknown as { socket: { _socket: NodeJS.EventEmitter } }).socket
      ._socket;
    let writes = 0;
    const { _handle: handle } = socket as unknown as {
      _handle: Record<string, (...values: unknown[]) => number>;
    };
    for (const name of ['writev', 'writeBuffer', 'writeLatin1String']) {
      const original = handle[name];
      handle[name] = function write(...values) {
        writes += 1;
        return original?.apply(this, values) ?? 0;
      };
    }
    for (let index = 0; index < 10; index += 1) session.send(index + 1);
    expect(await client.received(10)).toEqual(Array.from({ length: 10 }, (_, index) => `4${index + 1}`));
    expect(writes).toBe(1);
    await server[Symbol.asyncDispose]();
  });

  test('the transport is not writable until the kernel took what was sent', async () => {
    const { server, session } = await connect();
    session.send('a');
    expect(session.transport.writable).toBe(false);
    session.send('b', (transport) => expect(transport.name).toBe('websocket'));
    await once(session.transport, 'drain');
    expect(session.transport.writable).toBe(true);
    await server[Symbol.asyncDispose]();
  });

  test('the transport is not writable either while the handshake is on its way', async () => {
    await using server = await EngineUnderTest.start();
    const writable = new Promise((resolve) => {
      server.engine.on('connection', (session) => resolve(session.transport.writable));
    });
    const client = await new FrameLog(server.webSocketUrl()).opened();
    expect(await writable).toBe(false);
    client.socket.terminate();
  });

  test('callbacks run in order, after the network took the messages', async () => {
    const { server, session } = await connect();
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      session.send('a', () => order.push('a'));
      session.send('b', {}, () => order.push('b'));
      session.write('c', () => resolve());
      order.push('sent');
    });
    expect(order).toEqual(['sent', 'a', 'b']);
    await server[Symbol.asyncDispose]();
  });

  test('observers see each packet, what is flushed and that nothing is left', async () => {
    const { server, session } = await connect();
    const seen: string[] = [];
    session.on('packetCreate', ({ data, options }) => seen.push(`created ${data} ${options.compress}`));
    session.on('flush', (packets: unknown[]) => seen.push(`flush ${packets.length}`));
    session.on('drain', () => seen.push(`drain ${session.writeBuffer.length}`));
    server.engine.on('flush', (flushed) => seen.push(`engine flush ${flushed === session}`));
    server.engine.on('drain', (drained) => seen.push(`engine drain ${drained === session}`));
    const flushed = ['flush 1', 'engine flush true', 'drain 0', 'engine drain true'];
    session.send('a');
    expect(seen.splice(0)).toEqual(['created a true', ...flushed]);
    session.send('b', { compress: false });
    expect(seen.splice(0)).toEqual(['created b false', ...flushed]);
    await server[Symbol.asyncDispose]();
  });

  test('nothing is sent after a close', async () => {
    const { server, client, session } = await connect();
    session.close();
    session.send('late');
    await client.closed;
    expect(client.frames).toEqual([]);
    await server[Symbol.asyncDispose]();
  });
});

async function stalled(options: ServerOptions) {
  const connection = await connect(options);
  connection.client.socket.pause();
  return connection;
}

describe('how far a client has read', () => {
  test('shows with the pong of a ping out of turn', async () => {
    const { server, client, session } = await connect();
    session.send('x'.repeat(1000));
    expect(session.unconfirmedBytes).toBeGreaterThan(1000);
    session.probe();
    expect(session.pingAgeMs).toBeGreaterThanOrEqual(0);
    session.send('after');
    expect(await client.received(3)).toEqual([`4${'x'.repeat(1000)}`, '2', '4after']);
    client.socket.send('3');
    await expect.poll(() => session.pingAgeMs).toBeUndefined();
    // The ping, and what came behind it: frames with a head of two bytes each.
    expect(session.unconfirmedBytes).toBe(2 + '2'.length + 2 + '4after'.length);
    expect(session.roundTripMs).toBeGreaterThan(0);
    await server[Symbol.asyncDispose]();
  });

  test('is asked only once at a time', async () => {
    const { server, client, session } = await connect();
    session.probe();
    session.probe();
    session.send('a');
    expect(await client.received(2)).toEqual(['2', '4a']);
    await server[Symbol.asyncDispose]();
  });
});

describe('a client that does not read', () => {
  const chunk = 'x'.repeat(100_000);

  test('has its backlog counted, and gets it once it reads', async () => {
    const { server, client, session } = await stalled({ highWaterBytes: 1e6, lowWaterBytes: 1e5 });
    const levels: string[] = [];
    session.on('highWater', () => levels.push('high'));
    session.on('lowWater', () => levels.push('low'));
    for (let index = 0; index < 200; index += 1) session.send(chunk);
    expect(session.bufferedBytes).toBeGreaterThan(5e6);
    expect(session.writeBuffer.length).toBeGreaterThan(0);
    client.socket.resume();
    await client.received(200);
    await expect.poll(() => levels).toEqual(['high', 'low']);
    expect(session.bufferedBytes).toBe(0);
    await server[Symbol.asyncDispose]();
  });

  test('is closed with 1013 at the cap, and its backlog let go', async () => {
    const { server, client, session } = await stalled({ maxBufferedBytes: 2e6 });
    const closed = closeOf(session);
    for (let index = 0; index < 1000; index += 1) session.send(chunk);
    expect((await closed)[0]).toBe('slow consumer');
    await new Promise((resolve) => process.nextTick(resolve));
    expect(session.writeBuffer).toEqual([]);
    client.socket.resume();
    await client.closed;
    expect([client.closeCode, client.closeReason]).toEqual([1013, 'slow consumer']);
    expect(server.engine.lastCloses.at(-1)).toMatchObject({
      reason: 'slow consumer',
      transport: 'websocket',
      sessionId: session.id,
    });
    expect(server.engine.lastCloses.at(-1)?.bufferedBytes).toBeGreaterThan(2e6);
    await server[Symbol.asyncDispose]();
  });

  test('can have what waits for it dropped', async () => {
    const { server, client, session } = await stalled({});
    for (let index = 0; index < 200; index += 1) session.send(chunk);
    const waiting = session.writeBuffer.length;
    expect(session.waiting.splice(0, waiting)).toBeGreaterThan(0);
    expect(session.writeBuffer.length).toBe(0);
    client.socket.terminate();
    await server[Symbol.asyncDispose]();
  });
});

describe('a client that floods', () => {
  const limits = [
    { flood: { packetsPerSecond: 5 }, reason: 'packet rate exceeded' },
    { flood: { bytesPerSecond: 50 }, reason: 'byte rate exceeded' },
  ];
  for (const { flood, reason } of limits) {
    test(`is closed with 1008 and ${reason}`, async () => {
      const { server, client, session } = await connect({ flood });
      const closed = closeOf(session);
      for (let index = 0; index < 20; index += 1) client.socket.send('4aaaaaaaaa');
      expect((await closed)[0]).toBe(reason);
      await client.closed;
      expect([client.closeCode, client.closeReason]).toEqual([1008, reason]);
      await server[Symbol.asyncDispose]();
    });
  }

  test('by one payload of many packets is refused', async () => {
    await using server = await EngineUnderTest.start({ flood: { packetsPerPayload: 100 } });
    const { sid, session } = await server.open();
    const closed = closeOf(session);
    expect((await server.post(sid, Array.from({ length: 101 }, () => '6').join('\u001e'))).status).toBe(400);
    expect((await closed)[0]).toBe('too many packets in a payload');
  });
});

describe('heartbeat', () => {
  test('the time to each pong is measured', async () => {
    const { server, client, session } = await connect({ pingInterval: 10 });
    expect(session.roundTripMs).toBeUndefined();
    client.socket.on('message', (data: Buffer) => data.toString() === '2' && client.socket.send('3'));
    await once(session, 'heartbeat');
    expect(session.roundTripMs).toBeGreaterThan(0);
    await server[Symbol.asyncDispose]();
  });

  test('without a pong the session ends', async () => {
    const { server, session } = await connect({ pingInterval: 10, pingTimeout: 10 });
    expect(await closeOf(session)).toEqual(['ping timeout', undefined]);
    await server[Symbol.asyncDispose]();
  });
});

describe('what is kept of the first request', () => {
  test('is a record of it, unless something may have added to it', async () => {
    await using server = await EngineUnderTest.start();
    const { session } = await server.open({ a: 'b' });
    expect(session.request._query).toMatchObject({ a: 'b', EIO: '4' });
    expect(session.request.headers.host).toBe(`127.0.0.1:${server.port}`);
    server.engine.use((request, _response, next) => {
      Object.assign(request, { user: 'ada' });
      next();
    });
    expect((await server.open()).session.request).toMatchObject({ user: 'ada' });
  });
});

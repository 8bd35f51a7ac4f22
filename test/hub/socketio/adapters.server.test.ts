/** The adapters of the Socket.IO project on our server: two servers that share their clients through Redis. */
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { Emitter } from '@socket.io/redis-emitter';
import { createClient } from 'redis';
import type { Socket as ClientSocket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Server } from '#socketio';
import { Harness, heard, type Running } from './harness.ts';
import { describeWith } from '../../support/servers.ts';
import { RedisProcess } from './redis-process.ts';

const harness = new Harness();
const clients: { close(): Promise<unknown> }[] = [];
let redis: RedisProcess;

async function redisClient() {
  const client = createClient({ url: redis.url });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

interface Node {
  readonly running: Running;
  readonly io: Server;
  readonly client: ClientSocket;
}

const kinds = {
  'redis-adapter': async () => createAdapter(await redisClient(), await redisClient()),
  'redis-adapter, sharded': async () => createShardedAdapter(await redisClient(), await redisClient()),
  'redis-streams-adapter': async () => createStreamsAdapter(await redisClient(), { heartbeatInterval: 100 }),
};

async function twoNodes(makeAdapter: () => Promise<unknown>): Promise<[Node, Node]> {
  const nodes: Node[] = [];
  for (let i = 0; i < 2; i += 1) {
    const running = await harness.start({ adapter: (await makeAdapter()) as never });
    const connection = heard(running.io, 'connection');
    const client = await running.connected();
    await connection;
    nodes.push({ running, io: running.io, client });
  }
  const [first, second] = nodes as [Node, Node];
  // Both have to know of each other before they can answer for all.
  await expect.poll(() => first.io.sockets.adapter.serverCount(), { timeout: 10_000 }).toBe(2);
  await expect.poll(() => second.io.sockets.adapter.serverCount(), { timeout: 10_000 }).toBe(2);
  return [first, second];
}

describeWith('redis-server', 'the adapters of Socket.IO on our server', (program) => {
  beforeAll(async () => {
    redis = await RedisProcess.start(program);
  });
  afterEach(async () => {
    await harness.end();
    for (const client of clients.splice(0)) await client.close();
  });
  afterAll(() => redis.end());

  for (const [name, makeAdapter] of Object.entries(kinds)) {
    describe(name, () => {
      test('broadcasts reach the clients of both servers', async () => {
        const [first, second] = await twoNodes(makeAdapter);
        const received = Promise.all([heard(first.client, 'all'), heard(second.client, 'all')]);
        first.io.emit('all', 1, Buffer.from('x'));
        expect(await received).toEqual([
          [1, Buffer.from('x')],
          [1, Buffer.from('x')],
        ]);
      });

      test('rooms span both servers, and local stays at home', async () => {
        const [first, second] = await twoNodes(makeAdapter);
        second.io.on('connection', () => undefined);
        first.io.socketsJoin('room');
        await expect.poll(() => second.io.sockets.adapter.rooms.has('room')).toBe(true);
        const received: unknown[] = [];
        second.client.on('local', () => received.push('local'));
        first.io.local.emit('local');
        const end = heard(second.client, 'end');
        first.io.to('room').emit('end');
        await end;
        expect(received).toEqual([]);
        expect((await first.io.in('room').fetchSockets()).length).toBe(2);
      });

      test('acknowledgements come from the clients of both servers', async () => {
        const [first, second] = await twoNodes(makeAdapter);
        first.client.on('ask', (ack: (n: number) => void) => ack(1));
        second.client.on('ask', (ack: (n: number) => void) => ack(2));
        const answers = await first.io.timeout(5000).emitWithAck('ask');
        expect(answers.toSorted()).toEqual([1, 2]);
      });

      test('remote sockets can be fetched, written to and disconnected', async () => {
        const [first, second] = await twoNodes(makeAdapter);
        const remote = (await first.io.fetchSockets()).find(({ id }) => id === second.client.id);
        expect(remote?.handshake.address).toBe('127.0.0.1');
        const received = heard(second.client, 'you');
        remote?.emit('you', 1);
        expect(await received).toEqual([1]);
        const gone = heard(second.client, 'disconnect');
        remote?.disconnect();
        expect((await gone)[0]).toBe('io server disconnect');
      });

      test('servers talk to each other, with answers', async () => {
        const [first, second] = await twoNodes(makeAdapter);
        second.io.on('ask' as never, ((n: number, ack: (answer: number) => void) => ack(n + 1)) as never);
        expect(await first.io.serverSideEmitWithAck('ask', 1)).toEqual([2]);
      });
    });
  }

  test('the emitter reaches clients from a process without a server', async () => {
    const [first] = await twoNodes(kinds['redis-adapter']);
    const emitter = new Emitter(await redisClient());
    const received = heard(first.client, 'news');
    emitter.emit('news', 1);
    expect(await received).toEqual([1]);
  });

  test('redis-streams restores a session on another server', async () => {
    const options = { connectionStateRecovery: {} };
    const first = await harness.start({
      ...options,
      adapter: (await kinds['redis-streams-adapter']()) as never,
    });
    const second = await harness.start({
      ...options,
      adapter: (await kinds['redis-streams-adapter']()) as never,
    });
    const raw = await first.raw();
    const connection = heard(first.io, 'connection');
    const ids = JSON.parse((await raw.join()).slice(2)) as { sid: string; pid: string };
    const [socket] = await connection;
    first.io.emit('seen');
    const offset = (JSON.parse(String(await raw.next()).slice(2)) as string[]).at(-1);
    const gone = heard(socket as never, 'disconnect');
    raw.socket.terminate();
    await gone;
    second.io.emit('missed');
    const entered = await second.raw();
    const again = heard(second.io, 'connection');
    entered.send(`40${JSON.stringify({ pid: ids.pid, offset })}`);
    expect(JSON.parse(String(await entered.next()).slice(2))).toEqual([
      'missed',
      expect.stringMatching(/^\d+-\d+$/),
    ]);
    expect(JSON.parse(String(await entered.next()).slice(2))).toEqual(ids);
    expect((await again)[0]).toMatchObject({ recovered: true, id: ids.sid });
  });
});

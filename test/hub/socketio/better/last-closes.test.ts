import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { Socket } from '#socketio';
import { Harness, heard } from '../harness.ts';
import { start, type Contender } from './contenders.ts';

const harness = new Harness();
afterEach(() => harness.end());

/** What a server can tell of a client that answered a ping, then stopped reading and was given up. */
async function postMortem(which: Contender): Promise<unknown> {
  const running = await start(harness, which, { pingInterval: 10, pingTimeout: 200 });
  const raw = await running.raw();
  raw.socket.on('message', (data: Buffer) => data.toString() === '2' && raw.send('3'));
  const connection = heard(running.io, 'connection');
  await raw.join();
  const [socket] = (await connection) as [Socket];
  await once(socket.conn, 'heartbeat');
  raw.socket.pause();
  socket.emit('x', 'x'.repeat(8_000_000));
  const gone = heard(socket, 'disconnect');
  await gone;
  raw.socket.resume();
  return running.io.engine.lastCloses?.at(-1);
}

test('reason, age, bytes that waited and the last round-trip time of a client that is gone can be read', async () => {
  expect(await postMortem('ours')).toMatchObject({
    reason: 'ping timeout',
    transport: 'websocket',
    ageMs: expect.toSatisfy((ms: number) => ms >= 10),
    bufferedBytes: expect.toSatisfy((bytes: number) => bytes > 1e6),
    roundTripMs: expect.toSatisfy((ms: number) => ms > 0),
  });
  expect(await postMortem('official')).toBeUndefined();
});

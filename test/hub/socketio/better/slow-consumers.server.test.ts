import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterEach, describe, expect, test } from 'vitest';
import type { SlowConsumerPolicy } from '#socketio';
import { RawClient } from '../harness.ts';
import type { Contender } from './contenders.ts';

const events = 20_000;
const budgetBytes = 256 * 1024;
const allowedBytes = budgetBytes + 20_000_000;

const children: ChildProcess[] = [];
const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Connects and joins; the healthy client confirms each batch and counts what it got. */
async function enter(port: number, query = ''): Promise<{ raw: RawClient; received: () => number }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket${query}`);
  sockets.push(socket);
  const raw = new RawClient(socket);
  await raw.next();
  await raw.join();
  let received = 0;
  socket.on('message', (data: Buffer) => {
    const text = data.toString('latin1', 0, 40);
    if (text === '2') raw.send('3');
    if (text.startsWith('42["reading",')) received += 1;
    const confirm = /^42(\d+)\["confirm"\]/.exec(text);
    if (confirm !== null) raw.send(`43${confirm[1]}[]`);
  });
  return { raw, received: () => received };
}

/** One stalled and one healthy client in a room: how much the server's memory grows, and what the healthy one gets. */
async function load(
  which: Contender,
  policy: SlowConsumerPolicy,
): Promise<{ grownBytes: number; received: number }> {
  const child = fork(join(import.meta.dirname, 'slow-consumer-process.ts'), [which, policy, String(events)], {
    execArgv: ['--expose-gc'],
  });
  children.push(child);
  const [port] = (await once(child, 'message')) as [number];
  const healthy = await enter(port, '&healthy=1');
  child.send('go');
  await once(child, 'message');
  const before = healthy.received();
  const stalled = await enter(port);
  stalled.raw.socket.pause();
  child.send('go');
  const [grownBytes] = (await once(child, 'message')) as [number];
  return { grownBytes, received: healthy.received() - before };
}

describe(`a stalled client in a room of ${events} events of 1 kB`, () => {
  for (const policy of ['buffer', 'drop-oldest', 'latest'] as const) {
    test(`costs no more than its budget under ${policy}, and the healthy client misses nothing`, async () => {
      const { grownBytes, received } = await load('ours', policy);
      expect(received).toBe(events);
      expect(grownBytes).toBeLessThan(allowedBytes);
    });
  }

  test('costs the official server all that it was sent', async () => {
    const { grownBytes, received } = await load('official', 'buffer');
    expect(received).toBe(events);
    expect(grownBytes).toBeGreaterThan(allowedBytes);
  });
});

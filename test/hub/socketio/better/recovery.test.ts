import { afterEach, describe, expect, test } from 'vitest';
import type { Socket as ClientSocket } from 'socket.io-client';
import type { Socket } from '#socketio';
import { Harness, heard, type Running } from '../harness.ts';
import { start, type Contender } from './contenders.ts';

const harness = new Harness();
afterEach(() => harness.end());

interface Connected {
  readonly running: Running;
  readonly client: ClientSocket;
}

async function connect(which: Contender): Promise<Connected> {
  const running = await start(harness, which, { connectionStateRecovery: {} });
  const client = await running.connected('/', { reconnection: true, reconnectionDelay: 1 });
  return { running, client };
}

/** The connection of the official client is lost, an event is sent meanwhile: does the client get it, and its session? */
async function survives({ running, client }: Connected): Promise<boolean> {
  const [socket] = [...running.io.sockets.sockets.values()] as Socket[];
  const gone = heard(socket as Socket, 'disconnect');
  const back = heard(client, 'connect');
  const events: unknown[] = [];
  client.onAny((name) => events.push(name));
  client.io.engine.close();
  await gone;
  running.io.emit('missed');
  await back;
  running.io.emit('end');
  await heard(client, 'end');
  return client.recovered && events[0] === 'missed';
}

async function beforeTheFirstEvent(which: Contender): Promise<boolean> {
  return survives(await connect(which));
}

async function afterVolatileText(which: Contender): Promise<boolean> {
  const connected = await connect(which);
  const { io } = connected.running;
  io.emit('kept');
  await heard(connected.client, 'kept');
  // A tick of its own, for the official server drops it otherwise.
  await new Promise(setImmediate);
  io.volatile.emit('volatile', 'text');
  await heard(connected.client, 'volatile');
  return survives(connected);
}

/** The client comes back while the server still believes in its old connection. */
async function whileHalfOpen(which: Contender): Promise<boolean> {
  const running = await start(harness, which, { connectionStateRecovery: {} });
  const old = await running.raw();
  const { sid, pid } = JSON.parse((await old.join()).slice(2)) as { sid: string; pid: string };
  running.io.emit('seen');
  const seen = JSON.parse(String(await old.next()).slice(2)) as string[];
  old.socket.pause();
  running.io.emit('lost on the way');
  const back = await running.raw();
  back.send(`40${JSON.stringify({ pid, offset: seen[1] })}`);
  const frames = [String(await back.next())];
  while (!frames.at(-1)?.startsWith('40')) frames.push(String(await back.next()));
  old.socket.resume();
  return frames[0]?.startsWith('42["lost on the way"') === true && frames.at(-1)?.includes(sid) === true;
}

describe('a session is recovered', () => {
  for (const { when, scenario } of [
    { when: 'before its first event', scenario: beforeTheFirstEvent },
    { when: 'after a volatile event that ends in a text', scenario: afterVolatileText },
    { when: 'while its old connection is half-open', scenario: whileHalfOpen },
  ]) {
    test(`${when}; that of the official server is lost`, async () => {
      expect(await scenario('ours')).toBe(true);
      expect(await scenario('official')).toBe(false);
    });
  }
});

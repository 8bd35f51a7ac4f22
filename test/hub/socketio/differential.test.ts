/**
 * Our server beside npm `socket.io`: the same frames in, the same frames and events out.
 * Where ours answers otherwise on purpose, the case says so.
 */
import { createServer } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { Server as OfficialServer } from 'socket.io';
import { afterEach, describe, expect, test } from 'vitest';
import { Server } from '#socketio';
import { cases, echo, wait, type AnyServer, type Case } from './differential-cases.ts';
import { Harness, type RawClient } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

/** Random ids become numbers in order of appearance. */
function withoutIds(transcript: string[]): string[] {
  const ids = new Map<string, string>();
  return transcript.map((line) =>
    line.replace(/[A-Za-z0-9_-]{20}/g, (id) => {
      if (!ids.has(id)) ids.set(id, `<id ${ids.size + 1}>`);
      return ids.get(id) as string;
    }),
  );
}

async function observe(make: 'ours' | 'official', { frames, options, prepare }: Case): Promise<string[]> {
  const httpServer = createServer();
  const io = (make === 'ours'
    ? new Server(httpServer, { ...options })
    : new OfficialServer(httpServer, { ...options })) as unknown as AnyServer;
  const running = await harness.run(io, httpServer);
  const transcript: string[] = [];
  const watch = (name: string): void => {
    io.of(name).on('connection', (socket) => {
      transcript.push(`${name} connection`);
      socket.onAny((...args: unknown[]) => transcript.push(`${name} any ${show(args)}`));
      socket.on('error', (error) => transcript.push(`${name} error ${error.message}`));
      socket.on('disconnecting', (reason) =>
        transcript.push(`${name} disconnecting ${reason} ${socket.rooms.size}`),
      );
      socket.on('disconnect', (reason) =>
        transcript.push(`${name} disconnect ${reason} ${socket.rooms.size}`),
      );
    });
  };
  watch('/');
  watch('/other');
  (prepare ?? echo)(io);
  const raw = await running.raw();
  raw.socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary || data.toString() !== '2')
      transcript.push(`out ${isBinary ? data.toString('hex') : data.toString()}`);
  });
  raw.socket.on('close', (code) => transcript.push(`closed ${code}`));
  for (const frame of frames) {
    if (frame === wait) await rest(raw);
    else raw.send(frame);
  }
  await rest(raw);
  const seen = withoutIds(transcript);
  await harness.end();
  return seen;
}

function show(args: unknown[]): string {
  return JSON.stringify(args, (_key, value: unknown) => (typeof value === 'function' ? 'ack' : value));
}

/** Until a ping of WebSocket has come back, and all that the server then does at once has been done. */
async function rest(raw: RawClient): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    if (raw.socket.readyState === 1) {
      await Promise.race([
        raw.closed,
        new Promise((resolve) => {
          raw.socket.once('pong', resolve);
          raw.socket.ping();
        }),
      ]);
    } else if (raw.socket.readyState !== 3) {
      await raw.closed;
    }
    for (let j = 0; j < 5; j += 1) await turn();
  }
}

describe('the same frames in, the same out, as npm socket.io', () => {
  for (const one of cases.filter(({ deliberately }) => deliberately === undefined)) {
    test(one.title, async () => {
      expect(await observe('ours', one)).toEqual(await observe('official', one));
    });
  }
});

describe('what differs from npm socket.io on purpose', () => {
  for (const one of cases) {
    const { deliberately } = one;
    if (deliberately === undefined) continue;
    test(`${one.title}: ${deliberately.because}`, async () => {
      const ours = await observe('ours', one);
      expect(ours).not.toEqual(await observe('official', one));
      expect(ours.slice(-deliberately.ours.length)).toEqual(deliberately.ours);
    });
  }
});

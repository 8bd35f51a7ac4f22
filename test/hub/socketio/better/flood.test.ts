import { setTimeout as after } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { ServerOptions, Socket } from '#socketio';
import { Harness, heard, type RawClient } from '../harness.ts';
import { start, type Contender } from './contenders.ts';

const harness = new Harness();
afterEach(() => harness.end());

interface Excess {
  readonly title: string;
  readonly options: Partial<ServerOptions>;
  readonly reason: string;
  /** Goes too far. What it resolves with shows that the server goes on serving the client. */
  readonly provoke: (raw: RawClient, socket: Socket) => Promise<unknown>;
}

const bytes = Buffer.alloc(6);

const excesses: readonly Excess[] = [
  {
    title: 'packets per second',
    options: { flood: { packetsPerSecond: 100 } },
    reason: 'packet rate exceeded',
    provoke: (raw) => repeat(raw, 1000, '42["x"]'),
  },
  {
    title: 'bytes per second',
    options: { flood: { bytesPerSecond: 10_000 } },
    reason: 'byte rate exceeded',
    provoke: (raw) => repeat(raw, 100, `42["x","${'x'.repeat(1000)}"]`),
  },
  {
    title: 'namespaces of one client',
    options: { maxNamespaces: 10 },
    reason: 'too many namespaces',
    provoke: async (raw) => {
      for (let n = 0; n < 100; n += 1) raw.send(`40/${n},`);
      for (let n = 0; n < 100; n += 1) await raw.next();
    },
  },
  {
    title: 'refused attempts to join a namespace',
    options: { maxRefusals: 10 },
    reason: 'too many refused connects',
    provoke: async (raw) => {
      for (let n = 0; n < 100; n += 1) raw.send('40/nowhere,');
      for (let n = 0; n < 100; n += 1) await raw.next();
    },
  },
  {
    title: 'rooms of one socket',
    options: { maxRooms: 10 },
    reason: 'too many rooms',
    provoke: async (raw, socket) => {
      socket.on('join', (room: string) => socket.join(room));
      for (let n = 0; n < 100; n += 1) raw.send(`42["join","${n}"]`);
      await repeat(raw, 1, '42["x"]');
    },
  },
  {
    title: 'bytes of the attachments of a packet',
    options: { maxAttachmentBytes: 10 },
    reason: 'attachments are too large',
    provoke: (raw) => repeat(raw, 1, '452-["x"]', bytes, bytes),
  },
  {
    title: 'time for attachments to come',
    options: { attachmentsTimeout: 20 },
    reason: 'attachments did not come in time',
    provoke: async (raw) => {
      raw.send('451-["x"]');
      await Promise.race([raw.closed, after(200)]);
      await repeat(raw, 1, bytes);
    },
  },
];

/** Sends the same again and again; every `x` is answered. */
async function repeat(raw: RawClient, times: number, ...frames: (string | Buffer)[]): Promise<void> {
  for (let n = 0; n < times; n += 1) raw.send(...frames);
  for (let n = 0; n < times; n += 1) await raw.next();
}

/** Why the server ended the connection; undefined if it went on serving it. */
async function endOf(which: Contender, { options, provoke }: Excess): Promise<unknown> {
  const running = await start(harness, which, options);
  running.io.of(/^\/\d+$/);
  const raw = await running.raw();
  const connection = heard(running.io, 'connection');
  await raw.join();
  const [socket] = (await connection) as [Socket];
  let violation: string | undefined;
  socket.on('error', (error) => (violation = error.message));
  socket.on('x', () => socket.emit('x'));
  const end = heard(socket, 'disconnect').then(([reason]) => violation ?? reason);
  return Promise.race([end, provoke(raw, socket).then(() => undefined)]);
}

describe('a client that goes too far is disconnected, and the reason is stated; the official server serves it', () => {
  for (const excess of excesses) {
    test(excess.title, async () => {
      expect(await endOf('ours', excess)).toBe(excess.reason);
      expect(await endOf('official', excess)).toBeUndefined();
    });
  }
});

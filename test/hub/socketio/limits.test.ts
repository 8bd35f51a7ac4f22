import { afterEach, describe, expect, test } from 'vitest';
import type { Socket } from '#socketio';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

/** What the sockets of a connection are told before it is closed. */
async function reasonOf(
  options: Parameters<Harness['start']>[0],
  provoke: (socket: Socket) => string[],
): Promise<unknown> {
  const running = await harness.start(options);
  running.io.of('/other');
  const raw = await running.raw();
  const connection = heard(running.io, 'connection');
  await raw.join();
  const [socket] = (await connection) as [Socket];
  const error = heard(socket, 'error');
  const closed = heard(socket, 'disconnect');
  raw.send(...provoke(socket));
  const [{ message }] = (await error) as [Error];
  expect((await closed)[0]).toBe('forced close');
  await raw.closed;
  return message;
}

describe('limits, each of which closes the connection and says why', () => {
  test('namespaces of one client', async () => {
    expect(await reasonOf({ maxNamespaces: 1 }, () => ['40/other,'])).toBe('too many namespaces');
  });

  test('refused attempts to join a namespace, after the last was answered', async () => {
    const running = await harness.start({ maxRefusals: 3 });
    running.io.of('/locked').use((_socket, next) => next(new Error('no')));
    const raw = await running.raw();
    raw.send('40/nowhere,', '40/locked,', '40/nowhere,');
    const answers = [await raw.next(), await raw.next(), await raw.next()].map(String);
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['44/', '44/', '44/']);
    await raw.closed;
  });

  test('refused attempts are not counted otherwise', async () => {
    const raw = await (await harness.start()).raw();
    for (let n = 0; n < 20; n += 1) expect(await raw.join('40/nowhere,')).toMatch(/^44/);
    expect(await raw.join()).toMatch(/^40/);
  });

  test('rooms of one socket, its own not counted', async () => {
    const reason = await reasonOf({ maxRooms: 2 }, (socket) => {
      void socket.join(['a', 'b']);
      expect(socket.rooms.size).toBe(3);
      setImmediate(() => void socket.join('c'));
      return [];
    });
    expect(reason).toBe('too many rooms');
  });

  test('rooms joined again do not count', async () => {
    const running = await harness.start({ maxRooms: 1 });
    const connection = heard(running.io, 'connection');
    await running.connected();
    const [socket] = (await connection) as [Socket];
    void socket.join('a');
    void socket.join('a');
    expect(socket.connected).toBe(true);
  });

  test('attachments of one packet', async () => {
    expect(await reasonOf({ maxAttachments: 1 }, () => ['452-["x"]'])).toBe('too many attachments');
  });

  test('bytes of all attachments of one packet', async () => {
    const bytes = Buffer.alloc(6) as unknown as string;
    expect(await reasonOf({ maxAttachmentBytes: 10 }, () => ['452-["x"]', bytes, bytes])).toBe(
      'attachments are too large',
    );
  });

  test('the time announced attachments may take', async () => {
    expect(await reasonOf({ attachmentsTimeout: 10 }, () => ['451-["x"]'])).toBe(
      'attachments did not come in time',
    );
  });

  test('attachments in time are no violation', async () => {
    const running = await harness.start({ attachmentsTimeout: 1000 });
    running.io.on('connection', (socket) => socket.on('x', (bytes) => socket.emit('x', bytes)));
    const client = await running.connected();
    for (let i = 0; i < 3; i += 1) {
      const answer = heard(client, 'x');
      client.emit('x', Buffer.from([i]));
      expect(await answer).toEqual([Buffer.from([i])]);
    }
  });
});

describe('a client that does not read', () => {
  test('is closed at its budget, says why, and keeps nobody waiting', async () => {
    const running = await harness.start({ maxBufferedBytes: 200_000 });
    const { io } = running;
    const stalled = await running.raw();
    const connection = heard(io, 'connection');
    await stalled.join();
    const [socket] = (await connection) as [Socket];
    const healthy = await running.connected();
    stalled.socket.pause();
    let received = 0;
    healthy.on('reading', () => (received += 1));
    const gone = heard(socket, 'disconnect');
    let sent = 0;
    let most = 0;
    while (socket.connected) {
      const heardAll = heard(healthy, 'end');
      for (let i = 0; i < 100; i += 1) io.emit('reading', 'x'.repeat(1000));
      sent += 100;
      most = Math.max(most, socket.bufferedBytes);
      io.emit('end');
      await heardAll;
    }
    expect(most).toBeLessThan(400_000);
    expect(received).toBe(sent);
    expect(await gone).toEqual(['slow consumer', undefined]);
    stalled.socket.resume();
  });
});

import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '#socketio';
import { Harness, heard, type RawClient, type Running } from './harness.ts';

const harness = new Harness();
afterEach(() => {
  vi.useRealTimers();
  return harness.end();
});

interface Ids {
  readonly sid: string;
  readonly pid: string;
}

async function recovering(options = {}): Promise<Running> {
  return harness.start({ connectionStateRecovery: options });
}

async function enter(running: Running, auth = ''): Promise<{ raw: RawClient; ids: Ids; socket: Socket }> {
  const raw = await running.raw();
  const connection = heard(running.io, 'connection');
  const missed: string[] = [];
  let answer = await raw.join(`40${auth}`);
  while (!answer.startsWith('40')) {
    missed.push(answer);
    answer = String(await raw.next());
  }
  const [socket] = (await connection) as [Socket];
  return { raw, ids: JSON.parse(answer.slice(2)) as Ids, socket };
}

/** The event and its arguments, and the offset at the end. */
async function event(raw: RawClient): Promise<{ data: unknown[]; offset: string }> {
  const data = JSON.parse(String(await raw.next()).slice(2)) as unknown[];
  return { offset: data.pop() as string, data };
}

async function lose({ raw, socket }: { raw: RawClient; socket: Socket }): Promise<void> {
  const gone = heard(socket, 'disconnect');
  raw.socket.terminate();
  await gone;
}

/** Comes back and lists what was missed. */
async function comeBack(
  running: Running,
  auth: object,
): Promise<{ ids: Ids; missed: unknown[]; socket: Socket }> {
  const raw = await running.raw();
  const connection = heard(running.io, 'connection');
  raw.send(`40${JSON.stringify(auth)}`);
  const missed: unknown[] = [];
  for (;;) {
    const frame = String(await raw.next());
    if (frame.startsWith('40')) {
      const [socket] = (await connection) as [Socket];
      return { ids: JSON.parse(frame.slice(2)) as Ids, missed, socket };
    }
    missed.push((JSON.parse(frame.slice(2)) as unknown[]).slice(0, -1));
  }
}

describe('Socket.IO v5, Connection state recovery', () => {
  test('is announced by a private id, and off by default', async () => {
    expect((await enter(await recovering())).ids.pid).toMatch(/^[\w-]{20}$/);
    expect((await enter(await harness.start())).ids.pid).toBeUndefined();
  });

  test('brings back id, rooms, data and what was missed in these rooms', async () => {
    const running = await recovering();
    const first = await enter(running);
    void first.socket.join('room');
    first.socket.data = { user: 'x' };
    running.io.emit('seen');
    const { offset } = await event(first.raw);
    await lose(first);
    running.io.emit('all', 1);
    running.io.to('room').emit('room', { a: 1 });
    running.io.to('elsewhere').emit('never');
    running.io.except('room').emit('never');
    running.io.to(first.ids.sid).emit('mine', Buffer.from('x').toString());
    running.io.volatile.emit('volatile');
    const { ids, missed, socket } = await comeBack(running, { pid: first.ids.pid, offset });
    expect(ids).toEqual(first.ids);
    expect(missed).toEqual([
      ['all', 1],
      ['room', { a: 1 }],
      ['mine', 'x'],
    ]);
    expect([socket.recovered, socket.data, [...socket.rooms]]).toEqual([
      true,
      { user: 'x' },
      [ids.sid, 'room'],
    ]);
  });

  test('holds before the first event', async () => {
    const running = await recovering();
    running.io.emit('before');
    const first = await enter(running);
    await lose(first);
    running.io.emit('missed');
    const { ids, missed } = await comeBack(running, { pid: first.ids.pid });
    expect([ids, missed]).toEqual([first.ids, [['missed']]]);
  });

  test('holds after a volatile event that ends in a string', async () => {
    const running = await recovering();
    const first = await enter(running);
    running.io.emit('kept');
    const { offset } = await event(first.raw);
    running.io.volatile.emit('volatile', 'text');
    const volatile = await event(first.raw);
    expect(volatile).toEqual({ data: ['volatile', 'text'], offset });
    await lose(first);
    running.io.emit('missed');
    const { missed } = await comeBack(running, { pid: first.ids.pid, offset: volatile.offset });
    expect(missed).toEqual([['missed']]);
  });

  test('takes over from a half-open connection', async () => {
    const running = await recovering();
    const first = await enter(running);
    const gone = heard(first.socket, 'disconnect');
    running.io.emit('kept');
    const { offset } = await event(first.raw);
    running.io.emit('perhaps lost');
    const { ids, missed } = await comeBack(running, { pid: first.ids.pid, offset });
    expect([ids, missed]).toEqual([first.ids, [['perhaps lost']]]);
    expect((await gone)[0]).toBe('transport close');
    await first.raw.closed;
    expect(running.io.engine.clientsCount).toBe(1);
  });

  test('works again and again', async () => {
    const running = await recovering();
    const first = await enter(running);
    await lose(first);
    for (let i = 0; i < 3; i += 1) {
      running.io.emit('missed', i);
      const back = await comeBack(running, { pid: first.ids.pid });
      expect(back.missed.at(-1)).toEqual(['missed', i]);
      const gone = heard(back.socket, 'disconnect');
      back.socket.conn.close();
      await gone;
    }
  });

  test('works with the official client', async () => {
    const running = await recovering();
    const client = await running.connected('/', { reconnection: true, reconnectionDelay: 1 });
    const { id } = client;
    const received: unknown[] = [];
    client.on('x', (...args: unknown[]) => received.push(args[0]));
    running.io.on('connection', () => running.io.emit('x', 3));
    running.io.emit('x', 1);
    const [socket] = [...running.io.sockets.sockets.values()];
    const gone = heard(socket as never, 'disconnect');
    const back = heard(client, 'connect');
    client.io.engine.close();
    await gone;
    running.io.emit('x', 2);
    await back;
    expect([client.recovered, client.id]).toEqual([true, id]);
    while (received.length < 3) await heard(client, 'x');
    expect(received).toEqual([1, 2, 3]);
  });

  for (const [title, auth] of [
    ['an unknown session', { pid: 'unknown', offset: 'x' }],
    ['a private id that is no text', { pid: 1, offset: 'x' }],
    ['__proto__', { pid: '__proto__', offset: 'x' }],
  ] as const) {
    test(`${title} begins a new session`, async () => {
      const running = await recovering();
      const { ids, socket } = await comeBack(running, auth);
      expect([socket.recovered, ids.pid === auth.pid]).toEqual([false, false]);
    });
  }

  test('an offset of somebody else begins a new session', async () => {
    const running = await recovering();
    const first = await enter(running);
    await lose(first);
    for (const offset of ['x', 'abcdefgh.1', 1, null]) {
      const { socket } = await comeBack(running, { pid: first.ids.pid, offset });
      expect(socket.recovered).toBe(false);
    }
  });

  test('a session that was left on purpose is over', async () => {
    const running = await recovering();
    const first = await enter(running);
    const gone = heard(first.socket, 'disconnect');
    first.raw.send('41');
    await gone;
    expect((await comeBack(running, { pid: first.ids.pid })).socket.recovered).toBe(false);
  });

  test('a session is over after its time', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const running = await recovering({ maxDisconnectionDuration: 1000 });
    const first = await enter(running);
    await lose(first);
    vi.setSystemTime(Date.now() + 1001);
    expect((await comeBack(running, { pid: first.ids.pid })).socket.recovered).toBe(false);
  });

  test('an idle session survives packets that have gone by age', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const running = await recovering({ maxDisconnectionDuration: 1000 });
    const first = await enter(running);
    running.io.emit('old');
    const { offset } = await event(first.raw);
    vi.setSystemTime(Date.now() + 5000);
    running.io.to('elsewhere').emit('recent');
    await lose(first);
    running.io.emit('missed');
    const { missed } = await comeBack(running, { pid: first.ids.pid, offset });
    expect(missed).toEqual([['missed']]);
  });

  test('who missed more than is kept begins a new session', async () => {
    const running = await recovering({ maxBytes: 1000 });
    const first = await enter(running);
    running.io.emit('kept');
    const { offset } = await event(first.raw);
    await lose(first);
    for (let i = 0; i < 20; i += 1) running.io.emit('missed', 'x'.repeat(80));
    expect((await comeBack(running, { pid: first.ids.pid, offset })).socket.recovered).toBe(false);
  });

  test('middlewares are skipped unless wanted', async () => {
    for (const skipMiddlewares of [true, false]) {
      const running = await recovering({ skipMiddlewares });
      let runs = 0;
      running.io.use((_socket, next) => {
        runs += 1;
        next();
      });
      const first = await enter(running);
      await lose(first);
      expect((await comeBack(running, { pid: first.ids.pid })).socket.recovered).toBe(true);
      expect(runs).toBe(skipMiddlewares ? 1 : 2);
    }
  });
});

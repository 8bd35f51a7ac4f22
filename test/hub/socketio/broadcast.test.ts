import type { Socket as ClientSocket } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import type { Socket } from '#socketio';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

/** Three clients; the first is in room a, the second in a and b, the third in b. */
async function three() {
  const running = await harness.start();
  const { io } = running;
  const clients: ClientSocket[] = [];
  const sockets: Socket[] = [];
  for (const rooms of [['a'], ['a', 'b'], ['b']]) {
    const connection = heard(io, 'connection');
    clients.push(await running.connected());
    const [socket] = (await connection) as [Socket];
    void socket.join(rooms);
    sockets.push(socket);
  }
  return { io, clients, sockets };
}

/** Which clients receive what `send` emits as `x`. */
async function receivers(
  { io, clients }: Awaited<ReturnType<typeof three>>,
  send: () => void,
): Promise<number[]> {
  const received: number[] = [];
  clients.forEach((client, number) => client.on('x', () => received.push(number)));
  const ends = clients.map((client) => heard(client, 'end'));
  send();
  io.emit('end');
  await Promise.all(ends);
  return received.toSorted((a, b) => a - b);
}

function ids(found: { id: string }[]): string[] {
  return found.map(({ id }) => id).toSorted();
}

describe('a broadcast', () => {
  for (const { title, send, expected } of [
    { title: 'io.emit reaches all', send: ({ io }) => io.emit('x'), expected: [0, 1, 2] },
    { title: 'a room', send: ({ io }) => io.to('a').emit('x'), expected: [0, 1] },
    {
      title: 'a union of rooms, each socket once',
      send: ({ io }) => io.to('a').to(['b']).emit('x'),
      expected: [0, 1, 2],
    },
    { title: 'without a room', send: ({ io }) => io.to(['a', 'b']).except('b').emit('x'), expected: [0] },
    { title: 'everyone but a room', send: ({ io }) => io.except('a').emit('x'), expected: [2] },
    { title: 'an unknown room', send: ({ io }) => io.in('nobody').emit('x'), expected: [] },
    {
      title: 'socket.broadcast excludes the sender',
      send: ({ sockets }) => sockets[0]?.broadcast.emit('x'),
      expected: [1, 2],
    },
    {
      title: 'socket.to(room) excludes the sender',
      send: ({ sockets }) => sockets[1]?.to('b').emit('x'),
      expected: [2],
    },
    { title: 'socket.except', send: ({ sockets }) => sockets[0]?.except('b').emit('x'), expected: [] },
    { title: 'local', send: ({ io }) => io.local.to('b').emit('x'), expected: [1, 2] },
    {
      title: 'compress and volatile',
      send: ({ io }) => io.compress(false).volatile.to('a').emit('x'),
      expected: [0, 1],
    },
    {
      title: 'one socket by its id',
      send: ({ io, sockets }) => io.to(sockets[2]?.id ?? '').emit('x'),
      expected: [2],
    },
  ] satisfies {
    title: string;
    send: (all: Awaited<ReturnType<typeof three>>) => unknown;
    expected: number[];
  }[]) {
    test(title, async () => {
      const all = await three();
      expect(await receivers(all, () => send(all))).toEqual(expected);
    });
  }

  test('each step makes a new operator', async () => {
    const { io } = await three();
    const a = io.to('a');
    expect([...a.to('b').rooms]).toEqual(['a', 'b']);
    expect([...a.rooms]).toEqual(['a']);
  });

  test('with acknowledgements waits for all', async () => {
    const { io, clients } = await three();
    clients.forEach((client, number) => client.on('ask', (ack: (n: number) => void) => ack(number)));
    expect(await io.timeout(1000).emitWithAck('ask')).toEqual(expect.arrayContaining([0, 1, 2]));
    expect(await io.to('a').timeout(1000).emitWithAck('ask')).toHaveLength(2);
  });

  test('with acknowledgements from nobody is answered at once', async () => {
    const { io } = await three();
    expect(await io.to('nobody').timeout(10_000).emitWithAck('ask')).toEqual([]);
  });

  test('a timeout brings the answers that came, and nothing is kept', async () => {
    const { io, clients, sockets } = await three();
    clients[0]?.on('ask', (ack: (n: number) => void) => ack(5));
    const error: unknown = await io
      .timeout(50)
      .emitWithAck('ask')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: 'operation has timed out', responses: [5] });
    expect(sockets.map(({ acks }) => acks.size)).toEqual([0, 0, 0]);
  });

  test('refuses reserved names', async () => {
    const { io } = await three();
    expect(() => io.to('a').emit('connect')).toThrow('"connect" is a reserved event name');
    expect(() => io.emit('disconnect')).toThrow('is a reserved event name');
  });

  test('sockets can be fetched, moved and disconnected together', async () => {
    const { io, sockets, clients } = await three();
    const all = sockets.map(({ id }) => id);
    expect(ids(await io.fetchSockets())).toEqual(all.toSorted());
    expect(ids(await io.in('a').fetchSockets())).toEqual(all.slice(0, 2).toSorted());
    io.in('a').socketsJoin(['c', 'd']);
    expect(sockets.map(({ rooms }) => rooms.has('c'))).toEqual([true, true, false]);
    io.in('c').socketsLeave('c');
    expect(io.sockets.adapter.rooms.has('c')).toBe(false);
    expect(await io.in('d').allSockets()).toEqual(new Set(all.slice(0, 2)));
    const gone = Promise.all(clients.slice(0, 2).map((client) => heard(client, 'disconnect')));
    io.in('a').disconnectSockets();
    await gone;
    expect(ids(await io.fetchSockets())).toEqual(all.slice(2));
  });

  test('nothing is encoded when nobody is there', async () => {
    const { io } = await three();
    const poison = {
      toJSON: () => {
        throw new Error('encoded');
      },
    };
    expect(io.to('nobody').emit('x', poison)).toBe(true);
    expect(() => io.emit('x', poison)).toThrow('encoded');
  });

  test('an event is encoded once for all', async () => {
    const { io, clients } = await three();
    let encoded = 0;
    const ends = clients.map((client) => heard(client, 'x'));
    io.emit('x', {
      toJSON: () => {
        encoded += 1;
        return 1;
      },
    });
    await Promise.all(ends);
    // Once to look for attachments, once to write.
    expect(encoded).toBe(2);
  });

  test('observers of packets see how it is sent, as with npm socket.io', async () => {
    const { io, sockets } = await three();
    const [socket] = sockets;
    if (socket === undefined) throw new Error('There is no socket.');
    const seen: unknown[] = [];
    socket.conn.on('packetCreate', ({ options }) => seen.push(options.compress, options.wsPreEncodedFrame));
    io.emit('text');
    io.compress(false).emit('bytes', Buffer.from('b'));
    const frame = Buffer.concat([Buffer.from([0x81, 0]), Buffer.from('42["text"]')]);
    frame[1] = frame.length - 2;
    expect(seen).toEqual([true, [frame], false, undefined, false, undefined]);
  });
});

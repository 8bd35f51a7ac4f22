import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Socket } from '#socketio';
import { Harness, heard } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());

async function three() {
  const running = await harness.start();
  const { io } = running;
  const clients = [];
  const sockets: Socket[] = [];
  for (let index = 0; index < 3; index += 1) {
    const connection = heard(io, 'connection');
    clients.push(await running.connected());
    sockets.push(((await connection) as [Socket])[0]);
  }
  return { io, clients, sockets };
}

describe('a shared event', () => {
  test('reaches the sockets it is written to and no others, encoded once', async () => {
    const { io, clients, sockets } = await three();
    const encode = vi.spyOn(io.encoder, 'encode');
    const noticed: unknown[] = [];
    sockets[2]?.onAnyOutgoing((...args: unknown[]) => noticed.push(args));
    const received: [number, unknown, unknown][] = [];
    clients.forEach((client, number) =>
      client.on('x', (text, bytes) => received.push([number, text, [...bytes]])),
    );
    const event = io.sockets.share('x', 'hello', Buffer.from([1, 2]));
    expect(encode).not.toHaveBeenCalled();
    for (const socket of [sockets[0], sockets[2]]) if (socket !== undefined) event.writeTo(socket);
    expect(encode).toHaveBeenCalledTimes(1);
    expect(noticed).toEqual([['x', 'hello', Buffer.from([1, 2])]]);
    const ends = clients.map((client) => heard(client, 'end'));
    io.emit('end');
    await Promise.all(ends);
    expect(received.toSorted(([one], [other]) => one - other)).toEqual([
      [0, 'hello', [1, 2]],
      [2, 'hello', [1, 2]],
    ]);
  });

  test('is not sent to a socket that has left', async () => {
    const { io, clients, sockets } = await three();
    const event = io.sockets.share('x', 1);
    const [client, socket] = [clients[0], sockets[0]];
    const gone = heard(socket!, 'disconnect');
    client?.disconnect();
    await gone;
    expect(() => event.writeTo(socket!)).not.toThrow();
  });

  test('has no reserved name', async () => {
    const { io } = await harness.start();
    expect(() => io.sockets.share('connect')).toThrow('"connect" is a reserved event name');
  });
});

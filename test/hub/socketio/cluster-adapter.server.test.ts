/** `@socket.io/cluster-adapter` on our server: three worker processes of one node cluster. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { io as connect, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heard } from './harness.ts';

let primary: ChildProcess;
let clients: Socket[];

describe('cluster-adapter', () => {
  beforeAll(async () => {
    primary = fork(join(import.meta.dirname, 'cluster-node.ts'), { execArgv: [] });
    const [ports] = (await once(primary, 'message')) as [number[]];
    clients = ports.map((port) => connect(`http://127.0.0.1:${port}`, { transports: ['websocket'] }));
    await Promise.all(clients.map((client) => heard(client, 'connect')));
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    const ended = once(primary, 'exit');
    primary.disconnect();
    await ended;
  });

  test('broadcasts reach the clients of all processes', async () => {
    const received = Promise.all(clients.map((client) => heard(client, 'news')));
    clients[0]?.emit('broadcast', 1, Buffer.from('x'));
    expect(await received).toEqual([0, 1, 2].map(() => [1, Buffer.from('x')]));
  });

  test('acknowledgements come from all processes', async () => {
    clients.forEach((client, number) => client.on('ask', (ack: (n: number) => void) => ack(number)));
    const answers = (await clients[1]?.emitWithAck('ask all')) as number[];
    expect(new Set(answers)).toEqual(new Set([0, 1, 2]));
  });

  test('sockets of all processes can be fetched', async () => {
    expect(await clients[2]?.emitWithAck('count')).toBe(3);
  });
});

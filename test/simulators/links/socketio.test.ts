import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { socketIoConnector } from '../../../simulators/links/socketio.ts';
import type { DeviceCommand } from '../../../simulators/messages.ts';
import { bed } from '../support/devices.ts';
import { eventually } from '../support/eventually.ts';

type Ack = (answer: unknown) => void;

let io: Server;
let url: string;
let heard: { readonly event: string; readonly payload: unknown }[];
let answer: unknown;
let description: unknown;
let socket: Socket | undefined;
let lost: string[];
let commands: DeviceCommand[];

const listener = {
  onCommand(command: DeviceCommand) {
    commands.push(command);
    return { ok: true, result: { value: true } } as const;
  },
  onLost: (reason: string) => void lost.push(reason),
};

beforeEach(async () => {
  [heard, lost, commands] = [[], [], []];
  answer = { ok: true, offset: 1, accepted: 1, rejected: [] };
  description = { ok: true };
  const server = createServer();
  io = new Server(server);
  const group = io.of('/greenhouse');
  group.use((client, next) =>
    next(client.handshake.auth.token === 'good' ? undefined : new Error('no such token')),
  );
  group.on('connection', (client) => {
    socket = client;
    client.onAny((event: string, payload: unknown, ack: Ack) => {
      heard.push({ event, payload });
      if (event === 'reported') ack(description);
      else if (answer !== undefined) ack(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => io.close());

function connect(token = 'good') {
  return socketIoConnector({ url, token }, bed).connect(listener);
}

describe('the Socket.IO link', () => {
  test('connects to its group’s namespace as its device and describes itself', async () => {
    const connection = await connect();
    expect(socket?.handshake.auth).toEqual({ token: 'good', device: 'bed-1' });
    expect(heard).toMatchObject([
      { event: 'reported', payload: { device: 'bed-1', description: { title: 'Bed 1' } } },
    ]);
    await connection.close();
  });

  test('sends readings and events, acknowledged by the hub', async () => {
    const connection = await connect();
    expect(await connection.send({ type: 'telemetry', ts: 5, values: { flow: 1 } })).toEqual({
      kind: 'acknowledged',
    });
    const press = { type: 'event', ts: 6, name: 'press', data: null, id: 'e1' } as const;
    expect(await connection.send(press)).toEqual({ kind: 'acknowledged' });
    expect(heard.slice(1)).toEqual([
      { event: 'telemetry', payload: { device: 'bed-1', ts: 5, values: { flow: 1 } } },
      { event: 'event', payload: { device: 'bed-1', name: 'press', data: null, id: 'e1', ts: 6 } },
    ]);
    await connection.close();
  });

  const answers = [
    {
      says: { ok: false, error: { code: 'forbidden', message: '' } },
      means: { kind: 'refused', code: 'forbidden' },
    },
    {
      says: { ok: false, error: { code: 'overload', message: '', retryAfterMs: 700 } },
      means: { kind: 'again', afterMs: 700 },
    },
    {
      says: { ok: true, offset: 1, accepted: 0, rejected: [{ index: 0, code: 'too-old', message: '' }] },
      means: { kind: 'refused', code: 'too-old' },
    },
  ];
  for (const { says, means } of answers) {
    test(`the acknowledgement ${JSON.stringify(says)} means ${JSON.stringify(means)}`, async () => {
      answer = says;
      const connection = await connect();
      expect(await connection.send({ type: 'telemetry', ts: 5, values: { flow: 1 } })).toEqual(means);
      await connection.close();
    });
  }

  test('answers a command on its acknowledgement', async () => {
    const connection = await connect();
    const command = {
      id: 'c1',
      name: 'valve',
      args: { value: true },
      deadline: 9,
      ttlMs: 5,
      device: 'bed-1',
    };
    expect(await socket?.timeout(2000).emitWithAck('command', command)).toEqual({
      ok: true,
      result: { value: true },
    });
    expect(commands).toEqual([{ id: 'c1', name: 'valve', args: { value: true }, deadline: 9 }]);
    await connection.close();
  });

  test('a message that a cut leaves unanswered is not taken as acknowledged', async () => {
    answer = undefined;
    const connection = await connect();
    const sent = connection.send({ type: 'telemetry', ts: 5, values: { flow: 1 } });
    await eventually(() => heard.length === 2);
    socket?.conn.close();
    await expect(sent).rejects.toThrow('socket has been disconnected');
  });

  test('a hub that does not take the description is an error to try again after', async () => {
    description = { ok: false, error: { code: 'forbidden', message: 'Not yours.' } };
    await expect(connect()).rejects.toThrow('Not yours.');
  });

  test('a cut is told once', async () => {
    await connect();
    socket?.conn.close();
    await eventually(() => lost.length > 0);
    expect(lost).toEqual(['the Socket.IO connection ended: transport close']);
  });

  test('a proper end is not a loss', async () => {
    const connection = await connect();
    await connection.close();
    await eventually(() => socket?.connected === false);
    expect(lost).toEqual([]);
  });

  test('a wrong token is an error with the hub’s words', async () => {
    await expect(connect('bad')).rejects.toThrow('no such token');
  });
});

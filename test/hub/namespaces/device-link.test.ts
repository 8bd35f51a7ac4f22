import { describe, expect, test } from 'vitest';
import { DeviceLink } from '../../../hub/namespaces/device-link.ts';
import { FakeSocket } from './fake-socket.ts';

const command = { id: 'c1', name: 'relay', args: { value: true }, deadline: 1000, ttlMs: 500 };

function deliver(socket = new FakeSocket()) {
  const ended = new AbortController();
  const answered = new DeviceLink(socket.socket, 'lamp').deliver(command, ended.signal);
  const ack = socket.sent[0]?.at(-1) as (error: Error | null, answer?: unknown) => void;
  return { socket, ended, answered, ack };
}

describe('A command over Socket.IO', () => {
  test('names its device, and its acknowledgement is the answer', async () => {
    const { socket, answered, ack } = deliver();
    expect(socket.sent[0]?.slice(0, 2)).toEqual(['command', { ...command, device: 'lamp' }]);
    ack(null, { ok: true, result: 1 });
    expect(await answered).toEqual({ ok: true, result: 1 });
  });

  test('with a senseless answer has failed', async () => {
    const { answered, ack } = deliver();
    ack(null, 'done');
    expect(await answered).toMatchObject({ ok: false, error: { code: 'invalid-answer' } });
  });

  test('without an answer stays open: the device may have run it', async () => {
    const { answered, ack } = deliver();
    ack(new Error('socket has been disconnected'));
    expect(await answered).toBeUndefined();
  });

  test('waits no longer than the command is open', async () => {
    const { ended, answered } = deliver();
    ended.abort();
    expect(await answered).toBeUndefined();
  });

  test('to a device that has left could not be sent', async () => {
    const socket = new FakeSocket();
    socket.connected = false;
    await expect(deliver(socket).answered).rejects.toThrow('has left');
    expect(socket.sent).toEqual([]);
  });
});

describe('What is desired over Socket.IO', () => {
  const desired = { version: 1, desired: { on: true }, delta: { on: true } };

  test('names its device', async () => {
    const socket = new FakeSocket();
    await new DeviceLink(socket.socket, 'lamp').desire(desired);
    expect(socket.sent).toEqual([['desired', { ...desired, device: 'lamp' }]]);
  });

  test('to a device that has left could not be sent', async () => {
    const socket = new FakeSocket();
    socket.connected = false;
    await expect(new DeviceLink(socket.socket, 'lamp').desire(desired)).rejects.toThrow('has left');
  });
});

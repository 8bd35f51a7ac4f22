import { once } from 'node:events';
import { io } from 'socket.io-client';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { EngineUnderTest } from './engine-under-test.ts';

// The client of npm `socket.io-client` has the Engine.IO client inside: a message is what `42[…]` comes in.
describe('with the official client', () => {
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    test(`a message arrives and is answered over ${transports.join(' and then ')}`, async () => {
      await using server = await EngineUnderTest.start({});
      server.engine.on('connection', (session) => {
        session.on('message', (data: string) => {
          if (data === '0') session.send('0{"sid":"abc"}');
          else session.send(data);
        });
      });
      const client = io(`http://127.0.0.1:${server.port}`, {
        path: '/engine.io',
        transports,
        forceNew: true,
      });
      await new Promise<void>((resolve) => client.on('connect', () => resolve()));
      if (client.io.engine.transport.name !== transports.at(-1)) {
        await new Promise<void>((resolve) => client.io.engine.once('upgrade', () => resolve()));
      }
      const echoed = new Promise((resolve) => client.on('echo', resolve));
      client.emit('echo', 'höla');
      expect(await echoed).toBe('höla');
      expect(client.io.engine.transport.name).toBe(transports.at(-1));
      client.close();
    });
  }
});

describe('Engine.IO v4, Handshake', () => {
  test('the open packet holds the session id, the upgrades and the limits', async () => {
    await using server = await EngineUnderTest.start();
    const response = await fetch(server.url());
    const text = await response.text();
    expect(text[0]).toBe('0');
    expect(JSON.parse(text.slice(1))).toEqual({
      sid: expect.stringMatching(/^[\w-]{20}$/) as string,
      upgrades: ['websocket'],
      pingInterval: 25_000,
      pingTimeout: 20_000,
      maxPayload: 1_000_000,
    });
  });

  test('over a WebSocket there is nothing to upgrade to', async () => {
    await using server = await EngineUnderTest.start();
    const client = new WebSocket(server.webSocketUrl());
    const [data] = (await once(client, 'message')) as [Buffer];
    expect(JSON.parse(data.toString().slice(1))).toMatchObject({ upgrades: [] });
    client.terminate();
  });
});

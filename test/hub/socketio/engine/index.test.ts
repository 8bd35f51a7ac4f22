import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { attach, listen, protocol, Server, Session, Socket } from '../../../../hub/socketio/engine/index.ts';

describe('the entry points of npm engine.io', () => {
  test('are there', () => {
    expect(protocol).toBe(4);
    expect(Socket).toBe(Session);
    expect(attach(createServer())).toBeInstanceOf(Server);
    expect(Server.errorMessages[Server.errors.FORBIDDEN]).toBe('Forbidden');
  });

  test('listen serves nothing else', async () => {
    const engine = listen(0);
    const { httpServer } = engine;
    if (httpServer === undefined) throw new Error('There is no HTTP server.');
    if (!httpServer.listening) await once(httpServer, 'listening');
    const { port } = httpServer.address() as AddressInfo;
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(501);
    expect((await fetch(`http://127.0.0.1:${port}/engine.io/?EIO=4&transport=polling`)).status).toBe(200);
    engine.close();
    httpServer.closeAllConnections();
    httpServer.close();
  });

  test('options show the defaults', () => {
    expect(new Server().opts).toMatchObject({
      pingTimeout: 20_000,
      pingInterval: 25_000,
      upgradeTimeout: 10_000,
      maxHttpBufferSize: 1e6,
      transports: ['polling', 'websocket'],
      allowUpgrades: true,
      httpCompression: { threshold: 1024 },
      cors: false,
      allowEIO3: false,
    });
  });

  test('a request that does not say its revision is refused, unless those are allowed', async () => {
    for (const allowEIO3 of [false, true]) {
      const server = createServer();
      const engine = attach(server, { allowEIO3 });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      expect((await fetch(`http://127.0.0.1:${port}/engine.io/?transport=polling`)).status).toBe(
        allowEIO3 ? 200 : 400,
      );
      expect((await fetch(`http://127.0.0.1:${port}/engine.io/?EIO=3&transport=polling`)).status).toBe(400);
      engine.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

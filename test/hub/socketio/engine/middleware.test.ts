import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { EngineUnderTest } from './engine-under-test.ts';
import { exchange, FrameLog } from './raw-client.ts';

const upgrade =
  'GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: DXR4dX615eRds8nRmlhqtw==\r\n\r\n';

describe('middleware', () => {
  test('runs in order, for polling and for upgrades', async () => {
    await using server = await EngineUnderTest.start();
    const order: number[] = [];
    for (const index of [1, 2, 3]) {
      server.engine.use((_request, _response, next) => {
        order.push(index);
        setImmediate(next);
      });
    }
    await server.open();
    const client = await new FrameLog(server.webSocketUrl()).opened();
    client.socket.terminate();
    expect(order).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('writes headers of every shape into the 101', async () => {
    await using server = await EngineUnderTest.start();
    server.engine.use((_request, response, next) => {
      response.setHeader('X-Number', 1);
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.appendHeader('Set-Cookie', 'c=3');
      response.setHeader('X-Gone', 'x');
      response.removeHeader('x-gone');
      expect(response.getHeaderNames()).toEqual(['x-number', 'set-cookie']);
      expect(response.getHeader('SET-COOKIE')).toEqual(['a=1', 'b=2', 'c=3']);
      next();
    });
    const answer = await exchange(server.port, upgrade);
    expect(answer).toContain('X-Number: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nSet-Cookie: c=3\r\n\r\n');
  });

  test('may wait for the head to be written before it sets a header, as express-session does', async () => {
    await using server = await EngineUnderTest.start();
    server.engine.use((_request, response, next) => {
      const writeHead = response.writeHead.bind(response) as (...values: unknown[]) => ServerResponse;
      response.writeHead = (...values: unknown[]) => writeHead(...(response.setHeader('X-Late', 1), values));
      next();
    });
    expect(await exchange(server.port, upgrade)).toContain('X-Late: 1\r\n');
  });

  test('may answer an upgrade itself', async () => {
    await using server = await EngineUnderTest.start();
    server.engine.use((_request, response) =>
      response.writeHead(429, 'Slow Down', { 'X-A': 'b' }).end('later'),
    );
    expect(await exchange(server.port, upgrade)).toBe(
      'HTTP/1.1 429 Slow Down\r\nConnection: close\r\nX-A: b\r\n\r\nlater',
    );
  });

  test('may answer and still call next', async () => {
    await using server = await EngineUnderTest.start();
    server.engine.use((_request, response, next) => {
      response.writeHead(204).end();
      next();
    });
    expect((await fetch(server.url())).status).toBe(204);
    expect(await exchange(server.port, upgrade)).toMatch(/^HTTP\/1\.1 204 /);
    expect(server.engine.clientsCount).toBe(0);
  });

  test('learns of the end of an upgraded connection', async () => {
    await using server = await EngineUnderTest.start();
    const ended = new Promise<void>((resolve) => {
      server.engine.use((_request, response, next) => {
        response.on('close', () => resolve());
        next();
      });
    });
    const client = await new FrameLog(server.webSocketUrl()).opened();
    client.socket.terminate();
    await ended;
  });
});

describe('an HTTP server', () => {
  test('keeps its own listeners for what is not under the path', async () => {
    await using server = await EngineUnderTest.start();
    expect((await fetch(`http://127.0.0.1:${server.port}/other`)).status).toBe(404);
  });

  test('closes the engine when it closes, and serves WebSockets again when it listens again', async () => {
    await using server = await EngineUnderTest.start();
    const first = await new FrameLog(server.webSocketUrl()).opened();
    server.http.closeIdleConnections();
    server.engine.close();
    await first.closed;
    server.http.close();
    await once(server.http, 'close');
    server.http.listen(server.port, '127.0.0.1');
    await once(server.http, 'listening');
    const second = await new FrameLog(server.webSocketUrl()).opened();
    second.socket.terminate();
  });
});

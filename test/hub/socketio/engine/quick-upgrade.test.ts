import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { ServerOptions, WebSocket } from 'ws';
import { QuickWebSocketServer } from '../../../../hub/socketio/engine/quick-upgrade.ts';

/** A WebSocket server that echoes, and an HTTP server before it. */
async function start(Server: new (options: ServerOptions) => WebSocketServer, options: ServerOptions) {
  const engine = new Server({ noServer: true, clientTracking: false, ...options });
  engine.on('headers', (lines: string[]) => lines.push('X-Added: yes'));
  const http = createServer();
  const errors: unknown[] = [];
  const opened = (webSocket: WebSocket): void => {
    webSocket.on('error', (error) => errors.push(error.message));
    webSocket.on('message', (data, binary) => webSocket.send(data, { binary }));
  };
  http.on('upgrade', (request, socket, head) => {
    try {
      engine.handleUpgrade(request, socket, head, opened);
      if (request.url === '/twice') engine.handleUpgrade(request, socket, head, opened);
    } catch (error) {
      errors.push((error as Error).message);
    }
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return { engine, http, errors, port: (http.address() as AddressInfo).port };
}

/** The bytes a client gets for its own, until they end in `last` or the connection does. */
async function answerTo(port: number, request: string, last: string): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.write(Buffer.from(request, 'latin1'));
  for await (const chunk of socket) {
    answer += (chunk as Buffer).toString('latin1');
    if (last !== '' && answer.endsWith(last)) break;
  }
  return answer;
}

const head = (more = '', path = '/'): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`;
const hello = '\x81\x85\x00\x00\x00\x00hello';
const echoed = '\x81\x05hello';

const cases: Record<string, { options?: ServerOptions; request: string; last: string }> = {
  'a plain upgrade, and a frame that comes with it': { request: head() + hello, last: echoed },
  'a ping that comes with it': { request: `${head()}\x89\x82\x00\x00\x00\x00hi`, last: '\x8a\x02hi' },
  'a subprotocol': { request: head('Sec-WebSocket-Protocol: a, b\r\n') + hello, last: echoed },
  'compression that was offered and is wanted': {
    options: { perMessageDeflate: { serverNoContextTakeover: true, threshold: 1024 } },
    request: head('Sec-WebSocket-Extensions: permessage-deflate\r\n') + hello,
    last: echoed,
  },
  'compression that was offered and is not wanted': {
    request: head('Sec-WebSocket-Extensions: permessage-deflate\r\n') + hello,
    last: echoed,
  },
  'a client that is not let in': {
    options: { verifyClient: () => false },
    request: head(),
    last: '',
  },
  'a request without a key': { request: head().replace(/Sec-WebSocket-Key.*\r\n/, ''), last: '' },
  'a message above the limit': { options: { maxPayload: 4 }, request: head() + hello, last: '' },
  'a connection taken twice': { request: head('', '/twice') + hello, last: echoed },
};

describe('the quick WebSocket server answers byte for byte as that of ws does to', () => {
  for (const [title, { options = {}, request, last }] of Object.entries(cases)) {
    test(title, async () => {
      const answers = [];
      for (const Server of [WebSocketServer, QuickWebSocketServer]) {
        const { http, errors, port } = await start(Server, options);
        answers.push({ answer: await answerTo(port, request, last), errors });
        http.closeAllConnections();
        http.close();
      }
      expect(answers[1]).toEqual(answers[0]);
    });
  }

  test('a client that comes after the close', async () => {
    for (const Server of [WebSocketServer, QuickWebSocketServer]) {
      const { engine, http, port } = await start(Server, {});
      engine.close();
      expect(await answerTo(port, head(), '')).toMatch(/^HTTP\/1\.1 503 /);
      http.close();
    }
  });
});

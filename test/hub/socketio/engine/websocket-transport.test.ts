import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { ClientOptions } from 'ws';
import { EngineUnderTest } from './engine-under-test.ts';
import { FrameLog } from './raw-client.ts';
import type { ServerOptions } from '../../../../hub/socketio/engine/index.ts';

async function connect(options: ServerOptions = {}, clientOptions: ClientOptions = {}) {
  const server = await EngineUnderTest.start(options);
  const connected = server.nextConnection();
  const client = new FrameLog(server.webSocketUrl(), clientOptions);
  await client.received(1);
  client.frames.shift();
  return { server, client, session: await connected };
}

/** How many bytes came over the wire for what `send` sent. */
async function wireBytes(
  options: ClientOptions,
  send: { compress?: boolean; preEncoded?: boolean },
): Promise<number> {
  const { server, client, session } = await connect({ perMessageDeflate: true }, options);
  const { _socket: socket } = client.socket as unknown as { _socket: { bytesRead: number } };
  const before = socket.bytesRead;
  session.send('a'.repeat(50_000), send);
  session.send(Buffer.alloc(50_000), send);
  expect(await client.received(2)).toEqual([`4${'a'.repeat(50_000)}`, `binary ${'00'.repeat(50_000)}`]);
  const after = socket.bytesRead;
  await server[Symbol.asyncDispose]();
  return after - before;
}

describe('compression', () => {
  test('is used where both agree on it, and not where one says compress: false', async () => {
    expect(await wireBytes({ perMessageDeflate: true }, {})).toBeLessThan(1000);
    expect(await wireBytes({ perMessageDeflate: true }, { compress: false })).toBeGreaterThan(100_000);
    expect(await wireBytes({ perMessageDeflate: false }, {})).toBeGreaterThan(100_000);
  });

  test('is left to ws where the client wants a smaller window', async () => {
    expect(await wireBytes({ perMessageDeflate: { serverMaxWindowBits: 10 } }, {})).toBeLessThan(1000);
  });

  test('one broadcast reaches those who negotiated it and those who did not', async () => {
    await using server = await EngineUnderTest.start({ perMessageDeflate: true });
    const clients: FrameLog[] = [];
    for (const perMessageDeflate of [true, false, true]) {
      const client = new FrameLog(server.webSocketUrl(), { perMessageDeflate });
      await client.received(1);
      clients.push(client);
    }
    for (let round = 0; round < 3; round += 1) {
      const options = { preEncoded: true };
      for (const session of Object.values(server.engine.clients)) session.send('news '.repeat(1000), options);
      for (const session of Object.values(server.engine.clients)) session.send(`own ${round} `.repeat(1000));
    }
    for (const client of clients) {
      const frames = await client.received(7);
      expect(frames.slice(1).map((frame) => frame.slice(0, 6))).toEqual([
        '4news ',
        '4own 0',
        '4news ',
        '4own 1',
        '4news ',
        '4own 2',
      ]);
      client.socket.terminate();
    }
  });
});

describe('another WebSocket engine', () => {
  test('is written to by its public methods only', async () => {
    class Shy extends WebSocketServer {
      override handleUpgrade(
        ...[request, socket, head, done]: Parameters<WebSocketServer['handleUpgrade']>
      ): void {
        super.handleUpgrade(request, socket, head, (webSocket, upgraded) => {
          done(new Proxy(webSocket, { get: (target, name) => hidden(target, name) }), upgraded);
        });
      }
    }
    const { server, client, session } = await connect({ wsEngine: Shy });
    for (const data of ['a', 'b', Buffer.from('c')]) session.send(data);
    expect(await client.received(3)).toEqual(['4a', '4b', 'binary 63']);
    const echoed = once(session, 'message');
    client.socket.send('4hello');
    expect(await echoed).toEqual(['hello']);
    await server[Symbol.asyncDispose]();
  });
});

function hidden(target: object, name: string | symbol): unknown {
  if (name === '_socket') return undefined;
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === 'function' ? (value as (...values: unknown[]) => unknown).bind(target) : value;
}

describe('observers', () => {
  test('see packets and the end of the transport', async () => {
    const { server, client, session } = await connect();
    const seen: unknown[] = [];
    session.transport.on('packet', (packet) => seen.push(packet));
    const closed = once(session.transport, 'close');
    client.socket.send('4hello');
    client.socket.send(Buffer.from([1]));
    client.socket.send('3');
    client.socket.close();
    expect(await closed).toEqual([]);
    expect(seen).toEqual([
      { type: 'message', data: 'hello' },
      { type: 'message', data: Buffer.from([1]) },
      { type: 'pong' },
    ]);
    await server[Symbol.asyncDispose]();
  });
});

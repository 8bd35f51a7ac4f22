/** Behind a proxy that strips `Upgrade`, clients stay on long-polling, and nothing else is different. */
import { createServer } from 'node:http';
import { io, type ManagerOptions, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard } from '../../hub/socketio/harness.ts';
import { chat } from './chat.ts';
import { startStrippingProxy, type StrippingProxy } from './stripping-proxy.ts';

const harness = new Harness();
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
  await harness.end();
});

async function behindProxy(running: { readonly url: string }): Promise<StrippingProxy> {
  const proxy = await startStrippingProxy(running.url);
  endings.push(() => proxy[Symbol.asyncDispose]());
  return proxy;
}

/** The official client as it comes, but without a second try. */
function client(proxy: StrippingProxy, options: Partial<ManagerOptions> = {}): Socket {
  const socket = io(proxy.url, { forceNew: true, reconnection: false, ...options });
  endings.push(() => socket.disconnect());
  return socket;
}

/** Resolves when the client is connected and has given up its try to move to a WebSocket. */
async function settled(socket: Socket): Promise<void> {
  const connected = heard(socket, 'connect');
  await heard(socket.io, 'open');
  await heard(socket.io.engine, 'upgradeError');
  await connected;
}

describe('Behind a proxy that strips Upgrade', () => {
  test('a default client tries to move, stays on long-polling, and chats', async () => {
    const httpServer = createServer();
    const proxy = await behindProxy(await harness.run(chat(httpServer), httpServer));
    const [ann, bob] = [client(proxy), client(proxy)];
    await Promise.all([ann, bob].map(settled));
    expect(proxy.stripped()).toBe(2);

    await ann.emitWithAck('enter', 'Ann');
    await bob.emitWithAck('enter', 'Bob');
    const lines: string[] = [];
    bob.on('said', (_name: string, text: string) => lines.push(text));
    const spoken = Array.from({ length: 50 }, (_, n) => `line ${n}`);
    for (const line of spoken) ann.emit('say', line);
    await expect.poll(() => lines).toEqual(spoken);
    for (const { io: manager } of [ann, bob]) expect(manager.engine.transport.name).toBe('polling');
  });

  test('nothing that is said during the failing try is lost', async () => {
    const running = await harness.start();
    const proxy = await behindProxy(running);
    running.io.on('connection', (socket) => socket.on('echo', (n: number) => socket.emit('echo', n)));
    const socket = client(proxy);
    const failed = settled(socket);
    const echoes: number[] = [];
    socket.on('echo', (n: number) => echoes.push(n));
    for (let n = 0; n < 200; n += 1) {
      socket.emit('echo', n);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await failed;
    await expect.poll(() => echoes).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(running.io.engine.clientsCount).toBe(1);
  });

  test('bytes and acknowledgements go both ways', async () => {
    const running = await harness.start();
    const proxy = await behindProxy(running);
    running.io.on('connection', (socket) =>
      socket.on('relay', async (bytes: Buffer, ack: (bytes: Buffer) => void) =>
        ack((await socket.emitWithAck('turn', bytes)) as Buffer),
      ),
    );
    const socket = client(proxy);
    await settled(socket);
    socket.on('turn', (bytes: Buffer, ack: (bytes: Uint8Array) => void) => ack(bytes.toReversed()));
    expect(await socket.emitWithAck('relay', Buffer.from([1, 2, 255]))).toEqual(Buffer.from([255, 2, 1]));
  });

  test('a client that begins with a WebSocket falls back, if told to try all transports', async () => {
    const running = await harness.start();
    const proxy = await behindProxy(running);
    const socket = client(proxy, { transports: ['websocket', 'polling'], tryAllTransports: true });
    await heard(socket, 'connect');
    expect(socket.io.engine.transport.name).toBe('polling');
    expect(proxy.stripped()).toBe(1);
  });

  test('a client that goes away is gone for the server too, and at once', async () => {
    const running = await harness.start();
    const proxy = await behindProxy(running);
    const reason = new Promise((resolve) => {
      running.io.on('connection', (socket) => socket.on('disconnect', resolve));
    });
    const socket = client(proxy);
    await settled(socket);
    socket.disconnect();
    expect(await reason).toBe('client namespace disconnect');
  });
});

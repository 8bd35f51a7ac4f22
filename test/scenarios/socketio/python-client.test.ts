/** Debian's python3-socketio, is served over both transports and comes back after a crash of the server. */
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { Server, type Socket } from '#socketio';
import { describeWith } from '../../support/servers.ts';

type Ack = (answer: unknown) => void;

const run = promisify(execFile);
const connections = new Set<Duplex>();
let io: Server;
afterEach(() => io.close());

/** On a free port; or on that one again, after a restart. */
async function serve(port = 0): Promise<number> {
  const httpServer = createServer();
  httpServer.on('connection', (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
  });
  io = new Server(httpServer);
  io.on('connection', handle);
  io.of('/other').on('connection', (socket) => {
    echo(socket);
    socket.emit('news', socket.handshake.auth['token'], Buffer.from([7, 8]));
  });
  io.of('/closed').use((_socket, next) => next(new Error('Nobody comes in here.')));
  httpServer.listen(port, '127.0.0.1');
  await once(httpServer, 'listening');
  return (httpServer.address() as AddressInfo).port;
}

function handle(socket: Socket): void {
  echo(socket);
  socket.on('let me turn', async (bytes: Buffer, ack: Ack) => ack(await socket.emitWithAck('turn', bytes)));
  socket.on('burst', () => {
    // Its engine refuses a response with more than 16 packets, and loses all of them.
    for (let n = 0; n < 200; n += 1) socket.emit('number', n);
    socket.emit('end of burst');
  });
  socket.on('crash', () => void restart());
}

function echo(socket: Socket): void {
  socket.on('echo', (value: unknown, ack: Ack) => ack(value));
}

/** As after a crash: all connections break off. To a goodbye over long-polling, its client would not come back. */
async function restart(): Promise<void> {
  const { port } = io.httpServer.address() as AddressInfo;
  for (const connection of connections) connection.destroy();
  await io.close();
  await serve(port);
}

function hasModule(python: string, name: string): boolean {
  return spawnSync(python, ['-c', `import ${name}`]).status === 0;
}

describeWith('python3', 'python3-socketio', (python) => {
  for (const { way, transports, needs, ends } of [
    { way: 'over long-polling only', transports: ['polling'], needs: ['requests'], ends: 'polling' },
    { way: 'over WebSocket only', transports: ['websocket'], needs: ['websocket'], ends: 'websocket' },
    { way: 'by upgrade, its default', transports: [], needs: ['requests', 'websocket'], ends: 'websocket' },
  ]) {
    const missing = ['socketio', ...needs].filter((name) => !hasModule(python, name));
    const isSkipped = missing.length > 0 && process.env['REQUIRE_SERVERS'] !== '1';
    if (isSkipped) console.log(`Skipped "python3-socketio ${way}": Python has no ${missing.join(', ')}.`);
    test.skipIf(isSkipped)(`speaks with our server ${way}`, async () => {
      const port = await serve();
      const script = join(import.meta.dirname, 'python-client.py');
      const { stdout, stderr } = await run(python, [script, `http://127.0.0.1:${port}`, ...transports]);
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual({
        transport: ends,
        echo: { a: [1, null, 'é'] },
        'echoed bytes': '0080ff',
        'echo in namespace': 5,
        'turned by me': '030201',
        numbers: Array.from({ length: 200 }, (_, n) => n),
        news: [['x', '0708']],
        'came back': true,
        'as somebody new': true,
        'echo after the crash': 'back',
        refused: 'Nobody comes in here.',
      });
    });
  }
});

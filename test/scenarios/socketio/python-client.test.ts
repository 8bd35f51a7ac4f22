/** Debian's python3-socketio as a client of our server, over both transports. */
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { describeWith } from '../../support/servers.ts';
import { Harness } from './harness.ts';

const harness = new Harness();
afterEach(() => harness.end());
const run = promisify(execFile);

function hasModule(python: string, name: string): boolean {
  return spawnSync(python, ['-c', `import ${name}`]).status === 0;
}

describeWith('python3', 'the Python client', (python) => {
  describe('python3-socketio', () => {
    for (const [transport, library] of [
      ['polling', 'requests'],
      ['websocket', 'websocket'],
    ] as const) {
      const isInstalled = hasModule(python, `socketio, ${library}`) || process.env['REQUIRE_SERVERS'] === '1';
      test.skipIf(!isInstalled)(`over ${transport}`, async () => {
        const { io, url } = await harness.start();
        io.of('/other').on('connection', (socket) => socket.emit('news', socket.handshake.auth['token']));
        io.on('connection', (socket) => {
          socket.on('echo', (value: unknown, ack: (value: unknown) => void) => ack(value));
          socket.on('ask me', async (n: number, ack: (n: number) => void) =>
            ack((await socket.emitWithAck('asked', n)) as number),
          );
          socket.on('send many', () => {
            socket.emit('bytes', Buffer.from([7, 8]));
            // More than its engine takes in one response.
            for (let i = 0; i < 40; i += 1) socket.emit('many', i);
          });
        });
        const { stdout } = await run(python, [join(import.meta.dirname, 'python-client.py'), url, transport]);
        const seen = JSON.parse(stdout) as [string, unknown][];
        expect(seen.filter(([name]) => name === 'many').map(([, number]) => number)).toEqual(
          Array.from({ length: 40 }, (_, number) => number),
        );
        expect(seen.filter(([name]) => name !== 'many')).toEqual(
          expect.arrayContaining([
            ['transport', transport],
            ['echo', { a: [1, null, 'é'] }],
            ['echo bytes', '0102'],
            ['answer', 42],
            ['bytes', '0708'],
            ['news', 'x'],
          ]),
        );
      });
    }
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';

const program = `
  import { createServer } from 'node:http';
  import { Server } from './hub/socketio/engine/index.ts';
  import { io } from 'socket.io-client';
  const http = createServer();
  const engine = new Server();
  engine.attach(http);
  http.listen(0, '127.0.0.1', () => {
    const transports = process.argv[1].split(',');
    const client = io('http://127.0.0.1:' + http.address().port, { path: '/engine.io', transports, reconnection: false });
    const stop = () => { engine.close(); http.close(); };
    engine.on('connection', (session) => {
      if (transports.length === 1) setImmediate(stop);
      else session.on(process.argv[2], stop);
    });
  });
`;

describe('after close() nothing keeps the process', () => {
  for (const [transports, when] of [
    ['polling', ''],
    ['websocket', ''],
    ['polling,websocket', 'upgrading'],
    ['polling,websocket', 'upgrade'],
  ] as const) {
    test(`${transports} ${when}`, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, transports, when], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const [code] = await once(child, 'exit');
      expect(code).toBe(0);
    });
  }
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { EngineClock } from '../../../../hub/socketio/engine/heartbeat.ts';
import { EngineUnderTest } from './engine-under-test.ts';
import { FrameLog } from './raw-client.ts';

/** Time stands still; the timers are there to be looked at. */
class StoppedClock implements EngineClock {
  readonly timers: { delayMs: number; action: () => void }[] = [];

  nowMs(): number {
    return 0;
  }

  after(delayMs: number, action: () => void): () => void {
    this.timers.push({ delayMs, action });
    return () => undefined;
  }
}

const upgrade =
  'GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

test('who does not answer the goodbye of a server that stops is cut off after a second', async () => {
  const clock = new StoppedClock();
  await using server = await EngineUnderTest.start({ clock });
  const connected = server.nextConnection();
  const silent = connect(server.port, '127.0.0.1').resume();
  silent.write(upgrade);
  await connected;
  const polite = await new FrameLog(server.webSocketUrl()).opened();
  clock.timers.length = 0;
  const politeClosed = once(polite.socket, 'close');
  server.engine.close();
  expect(await politeClosed).toEqual([1005, Buffer.alloc(0)]);
  const timers = clock.timers.filter(({ delayMs }) => delayMs === 1000);
  expect([timers.length, silent.closed]).toEqual([1, false]);
  const closed = once(silent, 'close');
  timers[0]?.action();
  await closed;
});

test('nobody is waited for where everybody has answered', async () => {
  const clock = new StoppedClock();
  await using server = await EngineUnderTest.start({ clock });
  const connected = server.nextConnection();
  const client = await new FrameLog(server.webSocketUrl()).opened();
  const session = await connected;
  session.close();
  await once(client.socket, 'close');
  await expect.poll(() => session.transport.readyState).toBe('closed');
  clock.timers.length = 0;
  server.engine.close();
  expect(clock.timers).toEqual([]);
});

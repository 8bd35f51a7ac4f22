/** The policy `latest` for clients that do not keep up. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Socket } from '#socketio';
import { Harness, heard } from './harness.ts';
import { plug, stall } from './stalled-client.ts';

const harness = new Harness();
afterEach(() => harness.end());

const budget = 10_000;
const kilobyte = 'x'.repeat(1000);

describe('latest', () => {
  test('keeps one event for each key, in the place of the first', async () => {
    const { running, socket, received } = await stall(harness);
    void socket.join('ward');
    for (let n = 0; n < 100; n += 1) {
      running.io.to('ward').latest('bed-7/temperature').emit('x', `temperature ${n}`);
      running.io.to('ward').latest('bed-7/pulse').emit('x', `pulse ${n}`);
      if (n === 50) running.io.to('ward').emit('x', 'alarm');
    }
    expect(socket.droppedPackets).toBe(198);
    expect(await received()).toEqual(['temperature 99', 'pulse 99', 'alarm']);
  });

  test('sent to one client is the same', async () => {
    const { socket, received } = await stall(harness);
    for (let n = 0; n < 10; n += 1) socket.latest('a').emit('x', n);
    expect(await received()).toEqual([9]);
  });

  test('as the policy of a namespace has the name of the event as its key', async () => {
    const { running, received } = await stall(harness);
    running.io.slowConsumers({ policy: 'latest' });
    for (let n = 0; n < 10; n += 1) {
      running.io.emit('x', `x ${n}`);
      running.io.emit('y', `y ${n}`);
    }
    expect(await received()).toEqual(['x 9', 'y 9']);
  });

  test('replaces binary events with their attachments', async () => {
    const { running, received } = await stall(harness);
    running.io.latest('a').emit('x', 'old', Buffer.alloc(1), Buffer.alloc(2));
    running.io.latest('b').emit('x', 'other');
    running.io.latest('a').emit('x', 'new', Buffer.alloc(3));
    expect(await received()).toEqual(['new', 3, 'other']);
  });

  test('keeps the budget when keys are too many or events grow', async () => {
    const { running, socket, received } = await stall(harness);
    running.io.slowConsumers({ maxBufferedBytes: budget });
    for (let n = 0; n < 100; n += 1) running.io.latest(`key ${n}`).emit('x', n, kilobyte);
    for (let n = 0; n < 100; n += 1) running.io.latest('growing').emit('x', n, 'x'.repeat(80 * n));
    expect(socket.bufferedBytes).toBeLessThan(plug.length + budget + 200);
    expect((await received()).at(-1)).toBe(99);
  });

  test('keeps the newest event even if that alone is above the budget', async () => {
    const { running, received } = await stall(harness);
    running.io.slowConsumers({ maxBufferedBytes: 100 });
    running.io.latest('a').emit('x', 'small');
    running.io.latest('a').emit('x', kilobyte);
    expect(await received()).toEqual([kilobyte]);
  });

  test('keeps the order of events where a session can be recovered, whose offsets must rise', async () => {
    const { running, received } = await stall(harness, { connectionStateRecovery: {} });
    for (let n = 0; n < 3; n += 1) {
      running.io.latest('a').emit('x', `a ${n}`);
      running.io.emit('x', n);
    }
    expect(await received()).toEqual([0, 1, 'a 2', 2]);
  });

  test('keys of different namespaces are different', async () => {
    const { running, raw } = await stall(harness);
    const other = running.io.of('/other');
    const connection = heard(other, 'connection');
    raw.send('40/other,');
    const [socket] = (await connection) as [Socket];
    running.io.latest('a').emit('x', 1);
    other.latest('a').emit('x', 2);
    running.io.latest('a').emit('x', 3);
    expect([running.io.sockets.droppedPackets, other.droppedPackets, socket.droppedPackets]).toEqual([
      1, 0, 1,
    ]);
  });
});

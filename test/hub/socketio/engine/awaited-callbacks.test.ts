import { expect, test } from 'vitest';
import { AwaitedCallbacks } from '../../../../hub/socketio/engine/awaited-callbacks.ts';
import type { Transport } from '../../../../hub/socketio/engine/transport.ts';

test('callbacks run in order, once their flush was taken', () => {
  const called: unknown[] = [];
  const awaited = new AwaitedCallbacks();
  const transport = { name: 'websocket' } as Transport;
  for (const [flush, name] of [
    [1, 'a'],
    [1, 'b'],
    [2, 'c'],
  ] as const)
    awaited.add(flush, (by) => called.push(name + by.name));
  awaited.run(0, transport);
  expect(called).toEqual([]);
  awaited.run(1, transport);
  expect([called, awaited.isEmpty]).toEqual([['awebsocket', 'bwebsocket'], false]);
  awaited.run(5, transport);
  expect([called.length, awaited.isEmpty]).toEqual([3, true]);
});

test('a callback that adds another waits for its own flush', () => {
  const called: string[] = [];
  const awaited = new AwaitedCallbacks();
  awaited.add(1, () => {
    called.push('first');
    awaited.add(2, () => called.push('second'));
  });
  awaited.run(1, {} as Transport);
  expect([called, awaited.isEmpty]).toEqual([['first'], false]);
});

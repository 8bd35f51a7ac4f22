import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard } from '../harness.ts';
import { start, type Contender } from './contenders.ts';

const harness = new Harness();
afterEach(() => harness.end());

/** How many of 500 volatile events, emitted within one tick, reach a healthy client. */
async function received(
  which: Contender,
  volatileMaxBufferedBytes: number | undefined,
  payload = '',
): Promise<number> {
  const { io, connected } = await startedWith(which, volatileMaxBufferedBytes);
  const client = await connected();
  let count = 0;
  client.on('tick', () => (count += 1));
  for (let i = 0; i < 500; i += 1) io.volatile.emit('tick', payload);
  io.emit('end');
  await heard(client, 'end');
  return count;
}

async function startedWith(which: Contender, volatileMaxBufferedBytes: number | undefined) {
  const options = volatileMaxBufferedBytes === undefined ? {} : { volatileMaxBufferedBytes };
  const running = await start(harness, which, options);
  return { io: running.io, connected: () => running.connected() };
}

describe('volatile events to a healthy client', () => {
  test('all arrive if what counts is the bytes that wait; the official server loses 499 of 500', async () => {
    expect(await received('ours', 100_000)).toBe(500);
    expect(await received('official', 100_000)).toBe(1);
  });

  test('are dropped above the limit', async () => {
    const count = await received('ours', 1000, 'x'.repeat(100));
    expect(count).toBeGreaterThan(1);
    expect(count).toBeLessThan(20);
  });

  test('without the option, only the first of a tick arrives, as in the official server', async () => {
    expect(await received('ours', undefined)).toBe(1);
  });
});

import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { awaitAck, BroadcastAck } from '../../../hub/socketio/acks.ts';
import type { Adapter } from '../../../hub/socketio/adapter.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an acknowledgement', () => {
  test('without a timeout is called with the answer', () => {
    const acks = new Map<number, (...args: unknown[]) => void>();
    const answers: unknown[] = [];
    awaitAck(acks, 1, (...args) => answers.push(args), undefined);
    acks.get(1)?.('a', 'b');
    expect(answers).toEqual([['a', 'b']]);
  });

  test('with a timeout is called once: with no error and the answer, or with the error', () => {
    const acks = new Map<number, (...args: unknown[]) => void>();
    const answers: unknown[] = [];
    awaitAck(acks, 1, (...args) => answers.push(args), 100);
    awaitAck(acks, 2, (error: Error) => answers.push(error.message), 100);
    acks.get(1)?.('a');
    vi.advanceTimersByTime(200);
    expect(answers).toEqual([[null, 'a'], 'operation has timed out']);
    expect(acks.has(2)).toBe(false);
  });
});

/** An adapter of others: says nothing of whom it asked. */
function foreignAdapter(servers: () => Promise<number>, acks: Map<number, () => void>) {
  const asked: { count(n: number): void; answer(value: unknown): void }[] = [];
  const adapter = Object.assign(new EventEmitter(), {
    nsp: { sockets: new Map([['x', { acks }]]) },
    serverCount: servers,
    broadcastWithAck(
      packet: { id?: number },
      _options: unknown,
      count: (n: number) => void,
      answer: () => void,
    ) {
      packet.id = 7;
      acks.set(7, answer);
      asked.push({ count, answer });
    },
  });
  return { adapter: adapter as unknown as Adapter, asked };
}

describe('the acknowledgements of a broadcast', () => {
  test('are complete when all servers have counted and all clients answered', async () => {
    const { adapter, asked } = foreignAdapter(() => Promise.resolve(2), new Map());
    const outcomes: unknown[] = [];
    new BroadcastAck((...args) => outcomes.push(args), adapter, { timeout: 100 }).send(
      { type: 2, nsp: '/' },
      { rooms: new Set() },
    );
    await Promise.resolve();
    asked[0]?.count(1);
    asked[0]?.answer('a');
    expect(outcomes).toEqual([]);
    asked[0]?.count(1);
    asked[0]?.answer('b');
    expect(outcomes).toEqual([[null, ['a', 'b']]]);
    vi.advanceTimersByTime(200);
    expect(outcomes).toHaveLength(1);
  });

  test('end with the timeout if the servers cannot be counted, and leave nothing behind', async () => {
    const acks = new Map<number, () => void>();
    const { adapter, asked } = foreignAdapter(() => Promise.reject(new Error('no answer')), acks);
    const outcomes: unknown[] = [];
    new BroadcastAck((error: Error, answers) => outcomes.push([error.message, answers]), adapter, {
      timeout: 100,
    }).send({ type: 2, nsp: '/' }, { rooms: new Set() });
    asked[0]?.count(1);
    asked[0]?.answer('a');
    await Promise.resolve();
    vi.advanceTimersByTime(200);
    expect(outcomes).toEqual([['operation has timed out', ['a']]]);
    expect(acks.size).toBe(0);
  });
});

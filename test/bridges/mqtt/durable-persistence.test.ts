import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { BrokerRow } from '#ports';
import { DurablePersistence } from '../../../bridges/mqtt/durable-persistence.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { MemoryState } from './memory-state.ts';

const client = { id: 'pump' };

async function open(
  store = new MemoryState(),
): Promise<{ persistence: DurablePersistence; store: MemoryState; counters: CountersProbe }> {
  const counters = new CountersProbe();
  const persistence = new DurablePersistence({ store, log: silentLog, counters });
  await persistence.setup({ id: 'broker-1' });
  return { persistence, store, counters };
}

const message = (counter: number) => ({
  cmd: 'publish',
  topic: 't',
  payload: Buffer.from(`m${counter}`),
  qos: 1,
  brokerId: 'broker-1',
  brokerCounter: counter,
});

async function waiting(persistence: DurablePersistence): Promise<unknown[]> {
  const packets = (await Array.fromAsync(persistence.outgoingStream(client))) as {
    cmd: string;
    payload?: Buffer;
    messageId?: number;
  }[];
  return packets.map(({ cmd, payload, messageId }) => [cmd, payload?.toString(), messageId]);
}

describe('what outlives the hub', () => {
  test('a queue, in its order, with the packet ids of what was sent, without what was acknowledged', async () => {
    const { persistence, store } = await open();
    for (const counter of [1, 2, 3])
      await persistence.outgoingEnqueue({ clientId: 'pump' }, message(counter));
    for (const counter of [1, 2])
      await persistence.outgoingUpdate(client, { ...message(counter), messageId: counter + 40 });
    await persistence.outgoingClearMessageId(client, { ...message(1), messageId: 41 });
    await persistence.settled();
    const again = await open(store);
    expect(await waiting(again.persistence)).toEqual([
      ['publish', 'm2', 42],
      ['publish', 'm3', undefined],
    ]);
    expect(again.persistence.queued('pump')).toBe(2);
    await again.persistence.outgoingClearMessageId(client, { ...message(2), messageId: 42 });
    await again.persistence.settled();
    expect(store.rows.size).toBe(1);
  });

  test('a PUBREL takes the place of its message, on disk before it is sent', async () => {
    const { persistence, store } = await open();
    await persistence.outgoingEnqueue({ clientId: 'pump' }, { ...message(1), qos: 2 });
    await persistence.outgoingUpdate(client, { ...message(1), messageId: 7 });
    const release = { cmd: 'pubrel', messageId: 7 } as never;
    await persistence.outgoingUpdate(client, release);
    expect(await waiting((await open(store)).persistence)).toEqual([['pubrel', undefined, 7]]);
    await persistence.outgoingClearMessageId(client, release);
    await persistence.settled();
    expect(store.rows.size).toBe(0);
  });

  test('a cleared retained message stays cleared', async () => {
    const { persistence, store } = await open();
    await persistence.storeRetained(message(1));
    await persistence.storeRetained({ ...message(2), payload: Buffer.alloc(0) });
    await persistence.settled();
    const again = await open(store);
    expect(await Array.fromAsync(again.persistence.createRetainedStream('#'))).toEqual([]);
  });

  test('all changes of one turn are one transaction', async () => {
    const { persistence, store } = await open();
    await Promise.all([1, 2, 3].map((counter) => persistence.storeRetained(message(counter))));
    await persistence.settled();
    expect(store.transactions).toBe(1);
  });
});

describe('when the disk takes nothing', () => {
  test('what must be durable is refused; what is written behind is counted, and answers as long as the hub lives', async () => {
    const { persistence, store, counters } = await open();
    store.failing = new Error('The disk is full.');
    await expect(persistence.incomingStorePacket(client, { ...message(1), messageId: 1 })).rejects.toThrow();
    await expect(persistence.addSubscriptions(client, [{ topic: 't', qos: 1 }])).rejects.toThrow();
    await persistence.storeRetained(message(2));
    await persistence.settled();
    expect(counters.counts.get('mqtt.dropped/state-not-stored')).toBe(1);
    expect(await Array.fromAsync(persistence.createRetainedStream('#'))).toHaveLength(1);
  });
});

function row(kind: 'retained' | 'subscription', owner: string, key: string): BrokerRow {
  const facts = JSON.stringify({ topic: key, qos: 1 });
  return { kind, client: owner, key, facts, payload: Buffer.from('x') };
}

describe('bounds that hold over restarts', () => {
  test('so many retained topics, and no more; a known one may still change', async () => {
    const store = new MemoryState();
    await store.change(
      Array.from({ length: limits.mqttRetainedTopics }, (_, index) => row('retained', '', `t${index}`)),
    );
    const { persistence, counters } = await open(store);
    await persistence.storeRetained(message(1));
    await persistence.storeRetained({ ...message(2), topic: 't7' });
    expect(counters.counts.get('mqtt.refused/retained-full')).toBe(1);
    expect(await Array.fromAsync(persistence.createRetainedStream('t'))).toEqual([]);
    expect(await Array.fromAsync(persistence.createRetainedStream('t7'))).toMatchObject([
      { brokerCounter: 2 },
    ]);
  });

  test('so many sessions, and no more; one that ends makes room', async () => {
    const store = new MemoryState();
    await store.change(
      Array.from({ length: limits.mqttSessions }, (_, index) => row('subscription', `c${index}`, 't')),
    );
    const { persistence } = await open(store);
    const subscribe = (id: string): Promise<void> =>
      persistence.addSubscriptions({ id }, [{ topic: 'u', qos: 1 }]);
    await subscribe('c1');
    await expect(subscribe('new')).rejects.toThrow('as many sessions');
    await persistence.cleanSubscriptions({ id: 'c1' });
    await subscribe('new');
  });
});

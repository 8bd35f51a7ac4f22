import { Aedes } from 'aedes';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { QuietTopics } from '../../../bridges/mqtt/quiet-topics.ts';
import { until } from './fakes.ts';
import { startHub } from './support.ts';

async function broker(): Promise<Aedes> {
  const aedes = await Aedes.createBroker();
  onTestFinished(() => new Promise((resolve) => aedes.close(resolve)));
  return aedes;
}

/** A message goes the long way, as the first one on each topic does. @returns whether the next one need not */
async function publish(aedes: Aedes, quiet: QuietTopics, topic: string): Promise<boolean> {
  const packet = { cmd: 'publish', topic, payload: '', qos: 1, dup: false, retain: false } as const;
  await new Promise((resolve) => aedes.publish(packet, resolve));
  return quiet.has(topic);
}

describe('a topic is quiet', () => {
  test('once it is known that nobody subscribes to it, until somebody does', async () => {
    const aedes = await broker();
    const quiet = new QuietTopics(aedes);
    expect(quiet.has('a/b')).toBe(false);
    expect(await publish(aedes, quiet, 'a/b')).toBe(true);
    await new Promise<void>((resolve) => {
      aedes.subscribe('a/+', (_packet, done) => done(), resolve);
    });
    expect(quiet.has('a/b')).toBe(false);
    expect(await publish(aedes, quiet, 'a/b')).toBe(false);
    expect(await publish(aedes, quiet, 'b')).toBe(true);
  });

  test('not while a session whose client is away wants it', async () => {
    const aedes = await broker();
    const quiet = new QuietTopics(aedes);
    expect(await publish(aedes, quiet, 'a')).toBe(true);
    const { persistence } = aedes as unknown as {
      persistence: {
        addSubscriptions(client: object, subscriptions: readonly object[]): Promise<void>;
        subscriptionsByTopic(topic: string): Promise<unknown>;
      };
    };
    await persistence.addSubscriptions({ id: 'away' }, [{ topic: '#', qos: 1 }]);
    expect(quiet.has('a')).toBe(false);
    const asked = vi.spyOn(persistence, 'subscriptionsByTopic');
    expect(await publish(aedes, quiet, 'a')).toBe(false);
    // Once for each message, however often it is not quiet.
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test('not when somebody subscribes while it is being found out', async () => {
    const aedes = await broker();
    const quiet = new QuietTopics(aedes);
    const published = publish(aedes, quiet, 'a');
    aedes.subscribe(
      'a',
      (_packet, done) => done(),
      () => undefined,
    );
    expect(await published).toBe(false);
  });
});

test('who subscribes to a topic that was quiet hears the next message, and a client that published it too', async () => {
  const hub = await startHub();
  onTestFinished(() => hub.close());
  const publisher = await hub.connect('gateway');
  const topic = 'attic/n';
  for (let value = 0; value < 3; value += 1) await publisher.publishAsync(topic, String(value), { qos: 1 });
  const received: string[] = [];
  for (const client of [publisher, await hub.connect('admin')]) {
    client.on('message', (_topic, payload) => received.push(payload.toString()));
    await client.subscribeAsync('attic/+', { qos: 1 });
  }
  await publisher.publishAsync(topic, '3', { qos: 1 });
  await publisher.publishAsync(topic, '4');
  await until(() => received.length === 4);
  expect(received.toSorted()).toEqual(['3', '3', '4', '4']);
  expect(hub.ingest.inbox).toHaveLength(5);
});

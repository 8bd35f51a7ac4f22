import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RejectedDeliveryError, TryAgainError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { until } from './fakes.ts';
import { connectPacket, field, packet } from './packets.ts';
import { closing, startHub, type TestHub } from './support.ts';

let hub: TestHub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  await hub.close();
});

describe('ARCHITECTURE §5, the promise is the acknowledgement', () => {
  test('a PUBACK leaves only after the reading is durable', async () => {
    const client = await hub.connect('plug');
    hub.ingest.hold();
    let isAcknowledged = false;
    const published = client
      .publishAsync('signalbox/house/plug/telemetry/power', '21.5', { qos: 1 })
      .then(() => (isAcknowledged = true));
    await until(() => hub.ingest.deliveries.length === 1);
    // A round trip on the same connection: had there been a PUBACK, it would be here.
    await client.subscribeAsync('signalbox/house/plug/commands/+');
    expect(isAcknowledged).toBe(false);
    hub.ingest.letGo();
    await published;
    expect(hub.ingest.deliveries[0]?.readings).toEqual([
      { group: 'house', device: 'plug', metric: 'power', value: 21.5, quality: 'good' },
    ]);
  });

  test('many messages of one client wait for one commit together', async () => {
    const client = await hub.connect('plug');
    hub.ingest.hold();
    const all = Array.from({ length: 50 }, (_, index) =>
      client.publishAsync('signalbox/house/plug/telemetry/n', String(index), { qos: 1 }),
    );
    await until(() => hub.ingest.deliveries.length === 50);
    hub.ingest.letGo();
    await Promise.all(all);
    expect(hub.ingest.deliveries.map(({ readings }) => readings[0]?.value)).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    );
  });

  test('a delivery that can never be accepted is acknowledged, so that it is not repeated for ever', async () => {
    const client = await hub.connect('plug');
    hub.ingest.failNext = new RejectedDeliveryError('too-many-readings', 'Too many.');
    await client.publishAsync('signalbox/house/plug/telemetry', '{"a":1}', { qos: 1 });
    expect(hub.counters.counts.get('mqtt.rejected/too-many-readings')).toBe(1);
  });

  test('what cannot be stored now is not acknowledged: the connection closes and the client repeats', async () => {
    const client = await hub.connect('plug');
    hub.ingest.failNext = new TryAgainError('disk-full', 'Full.');
    const closed = closing(client);
    const published = client.publishAsync('signalbox/house/plug/telemetry', '{"a":1}', { qos: 1 });
    published.catch(() => {});
    await closed;
    expect(client.getLastMessageId()).toBeGreaterThan(0);
    expect(client.connected).toBe(false);
    client.end(true);
    await expect(published).rejects.toThrow();
  });

  test('a payload that makes no sense is in quarantine with its bytes and its reason, and acknowledged', async () => {
    const client = await hub.connect('plug');
    await client.publishAsync('signalbox/house/plug/telemetry', '{"a":', { qos: 1 });
    expect(hub.ingest.quarantined).toMatchObject([{ code: 'invalid-json', source: { principal: 'p-plug' } }]);
    expect(Buffer.from(hub.ingest.quarantined[0]?.raw.bytes ?? []).toString()).toBe('{"a":');
  });

  test('a repeat (DUP) of QoS 1 is marked as a possible duplicate', async () => {
    const raw = await hub.raw();
    raw.send(connectPacket('c', 'plug'));
    await raw.received(4);
    raw.send(packet(0x3a, field('signalbox/house/plug/telemetry/power'), '0001', Buffer.from('1')));
    await raw.received(8);
    expect(hub.ingest.deliveries).toMatchObject([{ possibleDuplicate: true }]);
  });

  test('a live publish with the retain flag is a reading, however many come', async () => {
    const client = await hub.connect('plug');
    for (let value = 0; value < 100; value += 1)
      await client.publishAsync('signalbox/house/plug/telemetry/n', String(value), { retain: true, qos: 1 });
    expect(
      hub.ingest.deliveries.filter(({ readings, state }) => readings.length === 1 && state === undefined),
    ).toHaveLength(100);
  });
});

describe('login', () => {
  test('an unknown token is refused with return code 5', async () => {
    await expect(hub.connect('nobody')).rejects.toMatchObject({ code: 5 });
    expect(hub.counters.counts.get('mqtt.refused/not-authorised')).toBe(1);
  });

  test('no token is refused with return code 5', async () => {
    const raw = await hub.raw();
    raw.send(packet(0x10, field('MQTT'), '0402003c', field('c')));
    expect(await raw.closed).toBe('20020005');
  });

  test('a client id that another token holds is refused with return code 2', async () => {
    await hub.connect('plug', { clientId: 'same' });
    await expect(hub.connect('gateway', { clientId: 'same' })).rejects.toMatchObject({ code: 2 });
  });

  test('the same token takes its client id over', async () => {
    const first = await hub.connect('plug', { clientId: 'same' });
    const closed = closing(first);
    await hub.connect('plug', { clientId: 'same' });
    await closed;
    expect(hub.devices.open).toEqual(['house/plug']);
  });

  test('MQTT 5 is refused with return code 1, and the log names the client', async () => {
    await hub.close();
    const warnings: object[] = [];
    const log = {
      debug() {},
      info() {},
      error() {},
      warn: (_: string, facts: object = {}) => void warnings.push(facts),
    };
    hub = await startHub({ log });
    await expect(hub.connect('plug', { protocolVersion: 5, clientId: 'modern' })).rejects.toMatchObject({
      code: 1,
    });
    expect(warnings).toContainEqual(expect.objectContaining({ clientId: 'modern', level: 5 }));
  });

  test('a token that ends closes its live clients at once, and only those; a browser session closes none', async () => {
    const plug = await hub.connect('plug');
    const gateway = await hub.connect('gateway');
    const closed = closing(plug);
    hub.access.endSession('gateway');
    hub.access.end('plug');
    await closed;
    expect(hub.counters.counts.get('mqtt.closed/rights-ended')).toBe(1);
    expect(gateway.connected).toBe(true);
    expect(hub.devices.open).toEqual([]);
  });
});

describe('a client that wants too much', () => {
  test('of 10,000 subscriptions it has the first 64; the others are refused, and it is served on', async () => {
    const client = await hub.connect('gateway');
    for (let from = 0; from < 10_000; from += 20) {
      const filters = Array.from({ length: 20 }, (_, index) => `attic/${from + index}`);
      await client.subscribeAsync(filters).catch(() => undefined);
    }
    const refused = 10_000 - limits.mqttSubscriptionsPerClient;
    expect(hub.counters.counts.get('mqtt.refused/too-many-subscriptions')).toBe(refused);
    const received: string[] = [];
    client.on('message', (topic) => received.push(topic));
    for (const topic of ['attic/64', 'attic/63']) await client.publishAsync(topic, 'x', { qos: 1 });
    await until(() => received.length > 0);
    expect(received).toEqual(['attic/63']);
  });

  test('of a flood of retained topics so many are kept as its token may have; every message is taken', async () => {
    const client = await hub.connect('gateway');
    const most = limits.mqttRetainedTopicsPerToken;
    const all = Array.from({ length: most + 50 }, (_, index) =>
      client.publishAsync(`attic/${index}`, 'x', { qos: 1, retain: true }),
    );
    await Promise.all(all);
    expect(hub.counters.counts.get('mqtt.refused/retain')).toBe(50);
    expect(hub.ingest.inbox).toHaveLength(most + 50);
    let retained = 0;
    const reader = await hub.connect('admin', { onMessage: () => (retained += 1) });
    await reader.subscribeAsync('attic/+');
    await until(() => retained === most);
  });
});

test('Sparkplug nodes are told that their host application is there, and when it goes', async () => {
  const node = await hub.connect('gateway');
  const heard: string[] = [];
  node.on('message', (topic, payload) => heard.push(`${topic} ${JSON.parse(String(payload)).online}`));
  await node.subscribeAsync('spBv1.0/STATE/#', { qos: 1 });
  await until(() => heard.length === 1);
  const stopped = hub.broker.stop();
  await until(() => heard.length === 2);
  await stopped;
  expect(heard).toEqual(['spBv1.0/STATE/signalbox true', 'spBv1.0/STATE/signalbox false']);
});

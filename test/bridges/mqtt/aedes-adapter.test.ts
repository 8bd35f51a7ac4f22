import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { until } from './fakes.ts';
import { connectPacket, field, packet } from './packets.ts';
import { startHub, type TestHub } from './support.ts';

let hub: TestHub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  await hub.close();
});

const publishPacket = (header: number): Buffer =>
  packet(header, field('signalbox/house/plug/telemetry/power'), '0007', Buffer.from('1'));

test('no buffer is kept in memory for each number that a packet may have', async () => {
  const raw = await hub.raw();
  raw.send(connectPacket('c', 'plug'));
  expect(await raw.received(4)).toMatch(/^2002/);
  const { cache } = createRequire(import.meta.url)('mqtt-packet/numbers.js') as { readonly cache: object };
  expect(Object.keys(cache)).toHaveLength(0);
});

describe('MQTT 3.1.1 §4.3.3, QoS 2', () => {
  test('a retransmission after a lost PUBREC adds nothing', async () => {
    const raw = await hub.raw();
    raw.send(connectPacket('c', 'plug'));
    await raw.received(4);
    raw.send(publishPacket(0x34));
    expect((await raw.received(8)).slice(8)).toBe('50020007');
    raw.send(publishPacket(0x3c));
    await raw.received(12);
    expect(hub.ingest.deliveries).toHaveLength(1);
    raw.send('62020007');
    expect((await raw.received(16)).slice(24)).toBe('70020007');
    raw.send(publishPacket(0x34));
    await raw.received(20);
    expect(hub.ingest.deliveries).toHaveLength(2);
  });

  test('with a store for packet ids the delivery carries its id and PUBREL frees it', async () => {
    await hub.close();
    const released: string[] = [];
    hub = await startHub({
      packetIds: {
        async release(clientId, packetId) {
          released.push(`${clientId} ${packetId ?? 'all'}`);
        },
      },
    });
    const client = await hub.connect('plug', { clientId: 'c' });
    await client.publishAsync('signalbox/house/plug/telemetry/power', '1', { qos: 2 });
    expect(hub.ingest.deliveries).toMatchObject([{ exactlyOnce: { clientId: 't-plug/c' } }]);
    const packetId = hub.ingest.deliveries[0]?.exactlyOnce?.packetId;
    expect(released).toEqual(['t-plug/c all', `t-plug/c ${packetId}`]);
  });
});

describe('a session whose client is away', () => {
  test('keeps a bounded number of messages, and drops and counts the rest', async () => {
    const options = { clientId: 'away', clean: false };
    const subscriber = await hub.connect('gateway', options);
    await subscriber.subscribeAsync('attic/+', { qos: 1 });
    await subscriber.endAsync();
    const publisher = await hub.connect('gateway', { clientId: 'here' });
    const count = limits.mqttQueuedPerSession + 5;
    await Promise.all(
      Array.from({ length: count }, (_, index) =>
        publisher.publishAsync('attic/n', String(index), { qos: 1 }),
      ),
    );
    await until(() => hub.counters.counts.get('mqtt.dropped/session-queue-full') === 5);
    let received = 0;
    await hub.connect('gateway', { ...options, onMessage: () => (received += 1) });
    await until(() => received === limits.mqttQueuedPerSession);
  });
});

describe('a subscriber that never reads', () => {
  test('is closed, and delays neither publishers nor other subscribers', async () => {
    const frozen = await hub.raw();
    frozen.send(connectPacket('frozen', 'admin'));
    await frozen.received(4);
    frozen.send(packet(0x82, '0001', field('#'), '00'));
    await frozen.received(9);
    frozen.socket.pause();
    const reader = await hub.connect('admin');
    await reader.subscribeAsync('attic/+');
    let received = 0;
    reader.on('message', () => (received += 1));
    const publisher = await hub.connect('gateway');
    const payload = Buffer.alloc(200 * 1024, 0x61);
    let sent = 0;
    while (hub.counters.counts.get('mqtt.closed/slow-subscriber') === undefined) {
      await publisher.publishAsync('attic/noise', payload, { qos: 1 });
      sent += 1;
      expect(sent).toBeLessThan(200);
    }
    await until(() => received === sent);
    frozen.socket.destroy();
  });
});

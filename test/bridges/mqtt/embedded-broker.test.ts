import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RejectedDeliveryError, TryAgainError } from '#contract/errors.ts';
import type { CommandMessage } from '#contract/command.ts';
import { topicPermissions } from '../../../bridges/mqtt/topic-permissions.ts';
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

const publishPacket = (header: number): Buffer =>
  packet(header, field('signalbox/house/plug/telemetry/power'), '0007', Buffer.from('1'));

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

  test('a token that ends closes its live clients at once, and only those', async () => {
    const plug = await hub.connect('plug');
    const gateway = await hub.connect('gateway');
    const closed = closing(plug);
    hub.access.end('plug');
    await closed;
    expect(hub.counters.counts.get('mqtt.closed/rights-ended')).toBe(1);
    expect(gateway.connected).toBe(true);
    expect(hub.devices.open).toEqual([]);
  });
});

describe('topic grants', () => {
  test('a device that publishes for another device is closed and nothing is stored', async () => {
    const client = await hub.connect('plug');
    const closed = closing(client);
    client.publish('signalbox/house/lamp/telemetry', '{"a":1}', { qos: 1 });
    await closed;
    expect(hub.ingest.deliveries).toEqual([]);
    expect(hub.counters.counts.get('mqtt.refused/publish')).toBe(1);
  });

  for (const filter of [
    'signalbox/house/lamp/commands/+',
    'signalbox/#',
    '#',
    '$SYS/#',
    'signalbox/+/+/commands/+',
  ])
    test(`a device may not subscribe to ${filter}`, async () => {
      const client = await hub.connect('plug');
      await expect(client.subscribeAsync(filter)).rejects.toThrow();
    });

  test('a viewer sees the telemetry of its groups and nothing else', async () => {
    const viewer = await hub.connect('viewer');
    await viewer.subscribeAsync('signalbox/house/+/telemetry/#');
    await expect(viewer.subscribeAsync('signalbox/garden/+/telemetry/#')).rejects.toThrow();
    await expect(viewer.subscribeAsync('signalbox/house/+/commands/+')).rejects.toThrow();
    const seen = new Promise<string>((resolve) => viewer.once('message', (topic) => resolve(topic)));
    const plug = await hub.connect('plug');
    await plug.publishAsync('signalbox/house/plug/telemetry/power', '1', { qos: 1 });
    expect(await seen).toBe('signalbox/house/plug/telemetry/power');
  });

  test('a kind of topic without a declared permission stops the start', async () => {
    const { result: _, ...incomplete } = topicPermissions;
    await expect(startHub({ topicPermissions: incomplete })).rejects.toThrow(/result/);
  });

  test('a misspelt own topic of an own device lands in the inbox', async () => {
    const client = await hub.connect('plug');
    await client.publishAsync('signalbox/house/plug/telemetri', '1', { qos: 1 });
    expect(hub.ingest.inbox).toMatchObject([
      { topic: 'signalbox/house/plug/telemetri', principal: 'p-plug' },
    ]);
  });

  test('what no family knows lands in the inbox', async () => {
    const client = await hub.connect('gateway');
    await client.publishAsync('attic/thing', '7', { qos: 1 });
    expect(hub.ingest.inbox).toMatchObject([{ topic: 'attic/thing' }]);
  });
});

describe('presence', () => {
  test('a device is connected from before its CONNACK to the end of its connection', async () => {
    const client = await hub.connect('plug');
    expect(hub.devices.open).toEqual(['house/plug']);
    await client.endAsync();
    await until(() => hub.devices.open.length === 0);
  });

  test('a will on the status topic tells that the device is gone', async () => {
    const will = {
      topic: 'signalbox/house/plug/status',
      payload: Buffer.from('offline'),
      qos: 1,
      retain: true,
    } as const;
    const client = await hub.connect('plug', { will });
    await client.publishAsync('signalbox/house/plug/status', 'online', { qos: 1, retain: true });
    client.stream.destroy();
    await until(() => hub.devices.statuses.length === 2);
    expect(hub.devices.statuses).toEqual(['house/plug online', 'house/plug offline']);
  });

  test('a will for another device is not published', async () => {
    const will = {
      topic: 'signalbox/house/lamp/status',
      payload: Buffer.from('offline'),
      qos: 1,
      retain: true,
    } as const;
    const client = await hub.connect('plug', { will });
    client.stream.destroy();
    await until(() => hub.counters.counts.get('mqtt.refused/publish') === 1);
    expect(hub.devices.statuses).toEqual([]);
  });
});

describe('ARCHITECTURE §6, commands', () => {
  const command: CommandMessage = {
    id: 'c1',
    name: 'set',
    args: { value: true },
    deadline: 1_800_000_000_000,
    ttlMs: 5000,
  };

  test('a device that subscribes to its command topic can be reached, and answers on the result topic', async () => {
    const client = await hub.connect('plug');
    await client.subscribeAsync('signalbox/house/plug/commands/+');
    const arrived = new Promise<{ topic: string; body: string }>((resolve) =>
      client.once('message', (topic, payload) => resolve({ topic, body: payload.toString() })),
    );
    const link = hub.commands.links.get('house/plug');
    await expect(link?.deliver(command, AbortSignal.timeout(1000))).resolves.toBeUndefined();
    const { topic, body } = await arrived;
    expect(topic).toBe('signalbox/house/plug/commands/c1');
    expect(JSON.parse(body)).toEqual(command);
    await client.publishAsync(`${topic}/result`, '{"ok":true,"result":1}', { qos: 1 });
    expect(hub.commands.answers).toEqual([
      { name: 'house/plug', id: 'c1', answer: { ok: true, state: undefined, result: 1 } },
    ]);
  });

  test('an answer to no open command is in quarantine', async () => {
    hub.commands.isOpen = false;
    const client = await hub.connect('plug');
    await client.publishAsync('signalbox/house/plug/commands/c9/result', '{"ok":true}', { qos: 1 });
    expect(hub.ingest.quarantined).toMatchObject([{ code: 'unknown-command' }]);
  });

  test('the link ends with the subscription and with the connection', async () => {
    const client = await hub.connect('plug');
    await client.subscribeAsync('signalbox/house/plug/commands/+');
    expect([...hub.commands.links.keys()]).toEqual(['house/plug']);
    await client.unsubscribeAsync('signalbox/house/plug/commands/+');
    await until(() => hub.commands.links.size === 0);
    await client.subscribeAsync('signalbox/house/plug/commands/+');
    await client.endAsync();
    await until(() => hub.commands.links.size === 0);
  });

  test('a gateway is the way to every device that it has published for', async () => {
    const client = await hub.connect('gateway');
    await client.subscribeAsync('signalbox/house/+/commands/+');
    expect(hub.commands.links.size).toBe(0);
    await client.publishAsync('signalbox/house/lamp/telemetry', '{"on":true}', { qos: 1 });
    await client.publishAsync('signalbox/garden/pump/telemetry', '{"on":true}', { qos: 1 });
    expect([...hub.commands.links.keys()]).toEqual(['house/lamp']);
  });

  test('a session that returns with its subscription is reachable without subscribing again', async () => {
    const options = { clientId: 'c', clean: false };
    const first = await hub.connect('plug', options);
    await first.subscribeAsync('signalbox/house/plug/commands/+', { qos: 1 });
    await first.endAsync();
    await until(() => hub.commands.links.size === 0);
    await hub.connect('plug', options);
    await until(() => hub.commands.links.size === 1);
  });

  test('a command waits in no session: a device that was away never gets it late', async () => {
    const options = { clientId: 'c', clean: false };
    const first = await hub.connect('plug', options);
    await first.subscribeAsync('signalbox/house/plug/commands/+', { qos: 1 });
    const link = hub.commands.links.get('house/plug');
    first.stream.destroy();
    await until(() => hub.commands.links.size === 0);
    await expect(link?.deliver(command, AbortSignal.timeout(1000))).rejects.toThrow();
    const second = await hub.connect('plug', options);
    const messages: string[] = [];
    second.on('message', (topic) => messages.push(topic));
    await second.publishAsync('signalbox/house/plug/telemetry/n', '1', { qos: 1 });
    expect(messages).toEqual([]);
  });

  test('nobody but the hub publishes commands', async () => {
    const client = await hub.connect('gateway');
    const closed = closing(client);
    client.publish('signalbox/house/plug/commands/c1', '{}', { qos: 1 });
    await closed;
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

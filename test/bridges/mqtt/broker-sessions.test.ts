import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandMessage } from '#contract/command.ts';
import { topicPermissions } from '../../../bridges/mqtt/topic-permissions.ts';
import { until } from './fakes.ts';
import { closing, startHub, type TestHub } from './support.ts';

let hub: TestHub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  await hub.close();
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

describe('topics that say `me`', () => {
  test('a device speaks of itself there, whatever the topics of its token', async () => {
    const client = await hub.connect('plug');
    await client.publishAsync('v1/devices/me/telemetry', '{"power":7}', { qos: 1 });
    expect(hub.ingest.deliveries[0]?.readings).toMatchObject([
      { group: 'house', device: 'plug', metric: 'power', value: 7 },
    ]);
  });
  test('a gateway is known by the name of its token', async () => {
    const client = await hub.connect('gateway');
    await client.publishAsync('v1/devices/me/telemetry', '{"power":7}', { qos: 1 });
    expect(hub.ingest.deliveries[0]?.readings).toMatchObject([{ group: 'thingsboard', metric: 'power' }]);
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

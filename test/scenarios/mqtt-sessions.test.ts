/** What the embedded broker owes its clients outlives the hub: a clean stop, and a kill. */
import { createConnection, type Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { generate, parser, type Packet } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { HubProcess, until } from '../support/hub-process.ts';

const topic = 'attic/light';
const ends = {
  'a clean stop': (hub: HubProcess) => hub.stop(),
  'kill -9': (hub: HubProcess) => hub.kill(),
} as const;

interface Session {
  readonly client: MqttClient;
  readonly sessionPresent: boolean;
  readonly received: string[];
}

async function open(hub: HubProcess, password: string, clientId: string): Promise<Session> {
  const received: string[] = [];
  const client = mqtt.connect(hub.mqtt, {
    username: 'x',
    password,
    clientId,
    clean: false,
    protocolVersion: 4,
    reconnectPeriod: 0,
    resubscribe: false,
  });
  client.on('message', (_topic, payload) => received.push(payload.toString()));
  const sessionPresent = await new Promise<boolean>((resolve, reject) => {
    client.once('connect', (connack) => resolve(connack.sessionPresent));
    client.once('error', reject);
  });
  return { client, sessionPresent, received };
}

const gateway = (name: string) =>
  ({ name, role: 'gateway', groups: ['attic'], topicFilters: ['attic/#'] }) as const;

for (const [how, end] of Object.entries(ends))
  describe(`After ${how} of the hub`, () => {
    test('a session has its subscriptions and its queue, and retained messages are there', async () => {
      await using hub = await HubProcess.start();
      const [away, publisher] = [
        await hub.createToken(gateway('away')),
        await hub.createToken(gateway('sender')),
      ];
      const first = await open(hub, away, 'reader');
      await first.client.subscribeAsync('attic/#', { qos: 1 });
      await first.client.endAsync();
      const sender = await open(hub, publisher, 'sender');
      await sender.client.publishAsync('attic/state', 'retained', { qos: 1, retain: true });
      for (const payload of ['1', '2', '3']) await sender.client.publishAsync(topic, payload, { qos: 1 });
      await sender.client.publishAsync(topic, '4', { qos: 2 });
      await sender.client.endAsync();
      await end(hub);
      await hub.start();
      const second = await open(hub, away, 'reader');
      expect(second.sessionPresent).toBe(true);
      await until(
        async () => second.received.length >= 5,
        10_000,
        () => `Received ${second.received.join()}.`,
      );
      expect(second.received).toEqual(['retained', '1', '2', '3', '4']);
      const third = await open(hub, publisher, 'new');
      await third.client.subscribeAsync('attic/state');
      await until(
        async () => third.received.length > 0,
        10_000,
        () => 'Nothing is retained.',
      );
      expect(third.received).toEqual(['retained']);
      for (const { client } of [second, third]) client.end(true);
    });

    test('a QoS 2 message that was on its way is in the history once', async () => {
      await using hub = await HubProcess.start();
      const token = { name: 'meter', role: 'device', groups: ['house'], device: 'meter' } as const;
      const password = await hub.createToken(token);
      const before = await speak(hub.mqtt, password);
      await before.ask(publish('7', 5, false), 'pubrec');
      await end(hub);
      before.socket.destroy();
      await hub.start();
      // It never saw a PUBCOMP: MQTT 3.1.1, §4.4, it sends again what it is not sure of.
      const after = await speak(hub.mqtt, password);
      await after.ask(publish('7', 5, true), 'pubrec');
      await after.ask({ cmd: 'pubrel', messageId: 5 }, 'pubcomp');
      await after.ask(publish('8', 5, false), 'pubrec');
      await after.ask({ cmd: 'pubrel', messageId: 5 }, 'pubcomp');
      after.socket.destroy();
      const { series } = await hub.json<HistoryAnswer>('/api/v1/groups/house/devices/meter/history?start=0');
      expect(series[0]?.points?.map(([, value]) => value)).toEqual([7, 8]);
    });
  });

function publish(payload: string, messageId: number, dup: boolean): Packet {
  const to = 'signalbox/house/meter/telemetry/count';
  return { cmd: 'publish', topic: to, payload, qos: 2, messageId, dup, retain: false };
}

interface Speaker {
  readonly socket: Socket;
  ask(packet: Packet, answer: Packet['cmd']): Promise<void>;
}

/** A session by packets: no library decides what is sent again. */
async function speak(url: string, password: string): Promise<Speaker> {
  const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(url).port) });
  const parse = parser();
  const heard: string[] = [];
  parse.on('packet', ({ cmd }) => heard.push(cmd));
  socket.on('data', (bytes: Buffer) => parse.parse(bytes));
  socket.on('error', () => {});
  const ask = async (packet: Packet, answer: Packet['cmd']): Promise<void> => {
    heard.length = 0;
    socket.write(generate(packet));
    await until(
      async () => heard.includes(answer),
      10_000,
      () => `No ${answer}, but ${heard.join() || 'nothing'}.`,
    );
  };
  await ask(
    {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: false,
      clientId: 'meter',
      keepalive: 0,
      username: 'x',
      password: Buffer.from(password),
    },
    'connack',
  );
  return { socket, ask };
}

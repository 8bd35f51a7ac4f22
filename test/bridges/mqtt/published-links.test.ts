import type { IClientPublishOptions, MqttClient } from 'mqtt';
import { beforeEach, expect, test } from 'vitest';
import type { CommandMessage } from '#contract/command.ts';
import type { OwnTopic } from '#contract/topics.ts';
import { PublishedLinks } from '../../../bridges/mqtt/published-links.ts';
import { CountersProbe } from '../../support/fakes.ts';
import { RecordingCommands, RecordingDevices } from './fakes.ts';

interface Sent {
  readonly topic: string;
  readonly options: IClientPublishOptions;
}

function fakeClient(protocolVersion: 4 | 5, sent: Sent[] = [], connected = true): MqttClient {
  return {
    connected,
    options: { protocolVersion },
    async publishAsync(topic: string, _payload: Buffer, options: IClientPublishOptions) {
      sent.push({ topic, options });
    },
  } as unknown as MqttClient;
}

const command: CommandMessage = { id: 'c1', name: 'set', args: null, deadline: 5, ttlMs: 2500 };
const telemetry: OwnTopic = { kind: 'telemetry', group: 'house', device: 'plug' };
const status: OwnTopic = { kind: 'status', group: 'house', device: 'plug' };
let commands: RecordingCommands;
let devices: RecordingDevices;
let links: PublishedLinks;
beforeEach(() => {
  commands = new RecordingCommands();
  devices = new RecordingDevices();
  links = new PublishedLinks({ commands, devices, counters: new CountersProbe(), topicRoot: 'signalbox' });
});

test('a device is reachable from its first message until it says that it is offline', () => {
  const client = fakeClient(5);
  links.heard(telemetry, Buffer.from('{}'), client);
  expect([...commands.links.keys()]).toEqual(['house/plug']);
  links.heard(status, Buffer.from('offline'), client);
  expect(commands.links.size).toBe(0);
  links.heard(status, Buffer.from('online'), client);
  expect(commands.links.size).toBe(1);
  links.clear();
  expect(commands.links.size).toBe(0);
});

test('towards MQTT 5 a command expires and says where its answer goes', async () => {
  const sent: Sent[] = [];
  links.heard(telemetry, Buffer.from('{}'), fakeClient(5, sent));
  await commands.links.get('house/plug')?.deliver(command, AbortSignal.timeout(1000));
  const topic = 'signalbox/house/plug/commands/c1';
  expect(sent).toMatchObject([
    {
      topic,
      options: { qos: 0, properties: { messageExpiryInterval: 3, responseTopic: `${topic}/result` } },
    },
  ]);
});

test('towards MQTT 3.1.1 there are no properties', async () => {
  const sent: Sent[] = [];
  links.heard(telemetry, Buffer.from('{}'), fakeClient(4, sent));
  await commands.links.get('house/plug')?.deliver(command, AbortSignal.timeout(1000));
  expect(sent[0]?.options).toEqual({ qos: 0 });
});

test('without a connection nothing is sent', async () => {
  links.heard(telemetry, Buffer.from('{}'), fakeClient(5, [], false));
  await expect(
    commands.links.get('house/plug')?.deliver(command, AbortSignal.timeout(1000)),
  ).rejects.toThrow();
});

test('what is desired is retained: nobody tells us when the device connects', async () => {
  const sent: Sent[] = [];
  links.heard(telemetry, Buffer.from('{}'), fakeClient(4, sent));
  await devices.links.get('house/plug')?.desire({ version: 1, desired: { on: true }, delta: { on: true } });
  expect(sent).toMatchObject([{ topic: 'signalbox/house/plug/desired', options: { qos: 1, retain: true } }]);
});

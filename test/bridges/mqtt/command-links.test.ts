import { beforeEach, expect, test } from 'vitest';
import type { CommandMessage } from '#contract/command.ts';
import type { BrokerClient } from '../../../bridges/mqtt/broker-questions.ts';
import { CommandLinks } from '../../../bridges/mqtt/command-links.ts';
import { CountersProbe } from '../../support/fakes.ts';
import { RecordingCommands, RecordingDevices } from './fakes.ts';

interface FakeClient extends BrokerClient {
  connected: boolean;
  filters: string[];
  readonly sent: { readonly topic: string; readonly body: unknown }[];
}

function fakeClient(...filters: string[]): FakeClient {
  const sent: FakeClient['sent'] = [];
  return {
    id: 'c',
    address: '',
    clean: true,
    connected: true,
    filters,
    sent,
    async send(topic, payload) {
      sent.push({ topic, body: JSON.parse(Buffer.from(payload).toString()) });
    },
    close() {},
  };
}

const command: CommandMessage = { id: 'c1', name: 'set', args: { value: 1 }, deadline: 5, ttlMs: 3 };
let commands: RecordingCommands;
let devices: RecordingDevices;
let links: CommandLinks;
beforeEach(() => {
  commands = new RecordingCommands();
  devices = new RecordingDevices();
  links = new CommandLinks({ commands, devices, counters: new CountersProbe(), topicRoot: 'signalbox' });
});

test('a link needs a device and a subscription that selects its command topic', () => {
  const client = fakeClient();
  links.speaksFor(client, 'house', 'plug');
  expect(commands.links.size).toBe(0);
  client.filters.push('signalbox/house/+/commands/+');
  links.subscriptionsChanged(client);
  expect([...commands.links.keys()]).toEqual(['house/plug']);
  links.speaksFor(client, 'house', 'lamp');
  links.speaksFor(client, 'garden', 'pump');
  expect([...commands.links.keys()]).toEqual(['house/plug', 'house/lamp']);
});

test('a filter that names a device is enough', () => {
  links.subscriptionsChanged(fakeClient('signalbox/house/plug/commands/+'));
  expect([...commands.links.keys()]).toEqual(['house/plug']);
});

test('a command is published with its id in topic and payload', async () => {
  const client = fakeClient('signalbox/house/plug/commands/+');
  links.subscriptionsChanged(client);
  await commands.links.get('house/plug')?.deliver(command, AbortSignal.timeout(1000));
  expect(client.sent).toEqual([{ topic: 'signalbox/house/plug/commands/c1', body: command }]);
});

test('a command whose time is over, or whose device has gone, is not published', async () => {
  const client = fakeClient('signalbox/house/plug/commands/+');
  links.subscriptionsChanged(client);
  const link = commands.links.get('house/plug');
  await expect(link?.deliver(command, AbortSignal.abort())).rejects.toThrow();
  client.connected = false;
  await expect(link?.deliver(command, AbortSignal.timeout(1000))).rejects.toThrow(/not connected/);
  expect(client.sent).toEqual([]);
});

test('links end with the subscription and with the client', () => {
  const client = fakeClient('signalbox/house/plug/commands/+');
  links.subscriptionsChanged(client);
  client.filters.length = 0;
  links.subscriptionsChanged(client);
  expect(commands.links.size).toBe(0);
  client.filters.push('signalbox/house/plug/commands/+');
  links.subscriptionsChanged(client);
  links.gone(client);
  expect(commands.links.size).toBe(0);
});

test('what is desired has a topic and a subscription of its own', async () => {
  const client = fakeClient();
  links.speaksFor(client, 'house', 'plug');
  client.filters.push('signalbox/house/plug/desired');
  links.subscriptionsChanged(client);
  expect([commands.links.size, [...devices.links.keys()]]).toEqual([0, ['house/plug']]);
  const desired = { version: 3, desired: { on: true, level: 2 }, delta: { on: true } };
  await devices.links.get('house/plug')?.desire(desired);
  expect(client.sent).toEqual([{ topic: 'signalbox/house/plug/desired', body: desired }]);
  client.filters.length = 0;
  links.subscriptionsChanged(client);
  expect(devices.links.size).toBe(0);
});

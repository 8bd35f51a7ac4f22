/** One command from a dashboard to a device and back, over both links; every dashboard of the group sees each step. */
import mqtt from 'mqtt';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandAnswer, CommandMessage, CommandRecord } from '#contract/command.ts';
import { HubProcess } from '../support/hub-process.ts';

const group = 'greenhouse';

let hub: HubProcess;
let dashboards: Socket[];

async function connected(token: string): Promise<Socket> {
  const socket = io(`${hub.url}/${group}`, { auth: { token }, forceNew: true });
  await new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
  return socket;
}

beforeAll(async () => {
  hub = await HubProcess.start();
  // A group is there as soon as it has a device.
  const first = `/api/v1/groups/${group}/devices/nobody/telemetry`;
  await hub.json(first, { method: 'POST', body: '{"temperature":21}' });
  const operator = await hub.createToken({ name: 'ann', role: 'operator', groups: [group] });
  const viewer = await hub.createToken({ name: 'wall panel', role: 'viewer', groups: [group] });
  dashboards = [await connected(operator), await connected(viewer)];
});
afterAll(async () => {
  for (const dashboard of dashboards) dashboard.disconnect();
  await hub[Symbol.asyncDispose]();
});

/** The states that a dashboard sees a command of the device go through, up to a final one. */
function story(dashboard: Socket | undefined, device: string): Promise<string[]> {
  const states: string[] = [];
  return new Promise((resolve) => {
    dashboard?.on('command', function see(command: CommandRecord) {
      if (command.device !== device) return;
      states.push(command.state);
      if (!['succeeded', 'failed', 'expired'].includes(command.state)) return;
      dashboard.off('command', see);
      resolve(states);
    });
  });
}

interface Outcome {
  readonly ok: boolean;
  readonly command: CommandRecord;
}

async function press(device: string, ttlMs = 10_000): Promise<{ outcome: Outcome; stories: string[][] }> {
  const stories = dashboards.map((dashboard) => story(dashboard, device));
  const request = { device, name: 'valve', args: { value: true }, ttlMs };
  const outcome = (await dashboards[0]?.timeout(15_000).emitWithAck('command', request)) as Outcome;
  return { outcome, stories: await Promise.all(stories) };
}

async function deviceToken(device: string): Promise<string> {
  return hub.createToken({ name: device, role: 'device', groups: [group], device });
}

describe('A command', () => {
  test('reaches a Socket.IO device and comes back confirmed', async () => {
    const device = await connected(await deviceToken('over-socketio'));
    const received: CommandMessage[] = [];
    device.on('command', (command: CommandMessage, ack: (answer: CommandAnswer) => void) => {
      received.push(command);
      ack({ ok: true, result: { valve: 'open' } });
    });
    const { outcome, stories } = await press('over-socketio');
    device.disconnect();
    expect(received).toMatchObject([{ name: 'valve', args: { value: true } }]);
    expect(outcome).toMatchObject({
      ok: true,
      command: { state: 'succeeded', result: { valve: 'open' }, requestedBy: 'ann' },
    });
    expect(stories).toEqual([
      ['queued', 'sent', 'succeeded'],
      ['queued', 'sent', 'succeeded'],
    ]);
  });

  test('reaches an MQTT device and comes back confirmed', async () => {
    const password = await deviceToken('over-mqtt');
    const device = await mqtt.connectAsync(hub.mqtt, { username: 'x', password });
    const base = `signalbox/${group}/over-mqtt/commands`;
    const received: CommandMessage[] = [];
    device.on('message', (topic, payload) => {
      const command = JSON.parse(payload.toString()) as CommandMessage;
      received.push(command);
      expect(topic).toBe(`${base}/${command.id}`);
      device.publish(`${topic}/result`, JSON.stringify({ ok: true, result: { valve: 'open' } }), { qos: 1 });
    });
    await device.subscribeAsync(`${base}/+`, { qos: 1 });
    const { outcome, stories } = await press('over-mqtt');
    await device.endAsync();
    expect(received).toMatchObject([{ name: 'valve', args: { value: true } }]);
    expect(received[0]?.deadline).toBeGreaterThan(Date.now() - 60_000);
    expect(outcome).toMatchObject({ ok: true, command: { state: 'succeeded', result: { valve: 'open' } } });
    expect(stories.map((states) => states.at(-1))).toEqual(['succeeded', 'succeeded']);
  });

  test('that the device refuses has failed, with the reason of the device', async () => {
    const device = await connected(await deviceToken('stubborn'));
    device.on('command', (_command: CommandMessage, ack: (answer: CommandAnswer) => void) =>
      ack({ ok: false, error: { code: 'jammed', message: 'The valve is jammed.' } }),
    );
    const { outcome } = await press('stubborn');
    device.disconnect();
    expect(outcome.command).toMatchObject({ state: 'failed', error: { code: 'jammed' } });
  });

  test('that the device never answers expires at its deadline', async () => {
    const device = await connected(await deviceToken('silent'));
    const { outcome } = await press('silent', 500);
    device.disconnect();
    expect(outcome.command).toMatchObject({ state: 'expired' });
    expect(outcome.command.history.at(-1)?.at).toBeGreaterThanOrEqual(outcome.command.deadline);
  });

  test('to a device that is not there fails at once', async () => {
    const { outcome } = await press('nobody');
    expect(outcome.command).toMatchObject({ state: 'failed', error: { code: 'offline' } });
  });

  test('is refused from a viewer', async () => {
    const answer = (await dashboards[1]
      ?.timeout(5000)
      .emitWithAck('command', { device: 'x', name: 'valve' })) as Outcome;
    expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});

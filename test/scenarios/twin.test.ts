/** What is desired of a device reaches it over MQTT and Socket.IO, survives a restart, and dashboards see it come true. */
import mqtt from 'mqtt';
import { io, type Socket } from 'socket.io-client';
import { expect, test } from 'vitest';
import type { DesiredMessage, DeviceInfo } from '#contract/device.ts';
import { HubProcess } from '../support/hub-process.ts';

const group = 'greenhouse';
const patience = { timeout: 10_000 };

async function connected(hub: HubProcess, token: string): Promise<Socket> {
  const socket = io(`${hub.url}/${group}`, { auth: { token }, forceNew: true });
  await new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
  return socket;
}

test(
  'desired state converges over both ways and across a kill -9 of the hub',
  { timeout: 60_000 },
  async () => {
    await using hub = await HubProcess.start();
    const path = (device: string): string => `/api/v1/groups/${group}/devices/${device}`;
    const desire = (device: string, state: object): Promise<unknown> =>
      hub.json(`${path(device)}/desired`, { method: 'PATCH', body: JSON.stringify(state) });
    const token = (device: string): Promise<string> =>
      hub.createToken({ name: device, role: 'device', groups: [group], device });
    for (const device of ['valve', 'lamp'])
      await hub.json(`${path(device)}/telemetry`, { method: 'POST', body: '{"level":1}' });

    // The first is away, the second is there.
    const lamp = await connected(hub, await token('lamp'));
    const toldToLamp: DesiredMessage[] = [];
    lamp.on('desired', (message: DesiredMessage) => toldToLamp.push(message));
    await desire('lamp', { on: true });
    await expect.poll(() => toldToLamp, patience).toMatchObject([{ version: 1, delta: { on: true } }]);
    await desire('valve', { open: 40 });
    const valveToken = await token('valve');
    const viewer = await hub.createToken({ name: 'wall', role: 'viewer', groups: [group] });
    lamp.disconnect();
    await hub.kill();
    await hub.start();

    const dashboard = await connected(hub, viewer);
    const seen: DeviceInfo[] = [];
    dashboard.on('device', (device: DeviceInfo) => seen.push(device));
    const valve = await mqtt.connectAsync(hub.mqtt, {
      username: 'valve',
      password: valveToken,
      clientId: 'valve',
    });
    valve.on('message', (topic, payload) => {
      const { desired } = JSON.parse(payload.toString()) as DesiredMessage;
      valve.publish(topic.replace(/desired$/, 'reported'), JSON.stringify(desired), { qos: 1 });
    });
    await valve.subscribeAsync(`signalbox/${group}/valve/desired`);
    await expect
      .poll(() => seen.findLast(({ device }) => device === 'valve')?.twin, patience)
      .toMatchObject({ version: 1, desired: { open: 40 }, delta: {} });
    await desire('valve', { open: 60 });
    await expect
      .poll(() => seen.findLast(({ device }) => device === 'valve'), patience)
      .toMatchObject({ reported: { open: 60 }, twin: { version: 2, delta: {} } });
    await valve.endAsync();
    dashboard.disconnect();
  },
);

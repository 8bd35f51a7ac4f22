/** A device gets another name, and another device becomes one with it, while it goes on sending under the old name. */
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { CommandRecord } from '#contract/command.ts';
import type { DeviceInfo } from '#contract/device.ts';
import type { HistoryAnswer } from '#contract/view.ts';
import { HubProcess } from '../support/hub-process.ts';

const group = 'greenhouse';
const patience = { timeout: 10_000 };
const path = (of: string, device: string): string => `/api/v1/groups/${of}/devices/${device}`;

test('nothing of its past is lost, and commands still reach it', { timeout: 60_000 }, async () => {
  await using hub = await HubProcess.start();
  const post = <Answer>(url: string, body: object): Promise<Answer> =>
    hub.json<Answer>(url, { method: 'POST', body: JSON.stringify(body) });
  const values = async (of: string, device: string): Promise<unknown[]> => {
    const { series } = await hub.json<HistoryAnswer>(`${path(of, device)}/history?start=0`);
    return series.flatMap(({ metric, tags, points = [] }) =>
      points.map(([, value]) => (tags === undefined ? [metric, value] : [metric, value, tags])),
    );
  };

  const password = await hub.createToken({ name: 'bed', role: 'device', groups: [group], device: 'bed-7' });
  const bed = await mqtt.connectAsync(hub.mqtt, { username: 'bed', password, clientId: 'bed' });
  const publish = (temperature: number): Promise<unknown> =>
    bed.publishAsync(`signalbox/${group}/bed-7/telemetry`, JSON.stringify({ temperature }), { qos: 1 });
  bed.on('message', (topic) => bed.publish(`${topic}/result`, '{"ok":true}', { qos: 1 }));
  await bed.subscribeAsync(`signalbox/${group}/bed-7/commands/+`);
  await publish(1);

  const renamed = await post<DeviceInfo>(`${path(group, 'bed-7')}/move`, { device: 'tomatoes' });
  expect(renamed).toMatchObject({ device: 'tomatoes', title: 'tomatoes', presence: 'online' });
  await publish(2);
  await expect
    .poll(() => values(group, 'tomatoes'), patience)
    .toEqual([
      ['temperature', 1],
      ['temperature', 2],
    ]);
  const { items } = await hub.json<{ items: DeviceInfo[] }>(`/api/v1/groups/${group}/devices`);
  expect(items.map(({ device }) => device)).toEqual(['tomatoes']);
  const command = await post<CommandRecord>(`${path(group, 'tomatoes')}/commands`, { name: 'water' });
  await expect
    .poll(() => hub.json<CommandRecord>(`/api/v1/groups/${group}/commands/${command.id}`), patience)
    .toMatchObject({ state: 'succeeded', device: 'tomatoes' });

  // The same bed was known by another bridge, in another group, with a metric of its own and one that both have.
  await post(`${path('zigbee', '0x01')}/telemetry`, { humidity: 40, temperature: 9 });
  const merged = await post<DeviceInfo>(`${path('zigbee', '0x01')}/move`, {
    group,
    device: 'tomatoes',
    merge: true,
  });
  expect(merged.metrics.map(({ metric }) => metric)).toEqual(['temperature', 'humidity']);

  await hub.kill();
  await hub.start();
  await post(`${path('zigbee', '0x01')}/telemetry`, { humidity: 41 });
  await expect
    .poll(() => values(group, 'tomatoes'), patience)
    .toEqual(
      expect.arrayContaining([
        ['temperature', 1],
        ['temperature', 2],
        ['temperature', 9, { merged: 'zigbee/0x01' }],
        ['humidity', 40],
        ['humidity', 41],
      ]),
    );
  expect(await hub.json(path(group, 'tomatoes'))).toMatchObject({
    aliases: [
      { group, device: 'bed-7' },
      { group: 'zigbee', device: '0x01' },
    ],
  });
  const commands = await hub.json<{ items: CommandRecord[] }>(`${path(group, 'tomatoes')}/commands`);
  expect(commands.items).toMatchObject([{ id: command.id }]);
  await bed.endAsync(true);
});

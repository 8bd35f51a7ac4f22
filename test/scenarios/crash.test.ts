/** kill -9 of the hub while devices of all three protocols send: every acknowledged reading is in the store. */
import { expect, test } from 'vitest';
import { HubProcess, until } from '../support/hub-process.ts';
import { Ledger } from './support/ledger.ts';
import { httpSender, mqttSender, socketIoSender } from './support/senders.ts';

const group = 'crash';
const kills = 5;
const acknowledgedPerLife = 150;

test('kill -9 under load loses nothing acknowledged and doubles nothing', { timeout: 120_000 }, async () => {
  await using hub = await HubProcess.start();
  const token = async (device: string): Promise<string> =>
    hub.createToken({ name: device, role: 'device', groups: [group], device });
  const startMs = Date.now() - 3_600_000;
  const target = async (
    device: string,
    url: string,
  ): Promise<{ url: string; token: string; group: string }> => ({
    url,
    token: await token(device),
    group,
  });
  const senders = [
    await mqttSender(new Ledger('over-mqtt', startMs), await target('over-mqtt', hub.mqtt)),
    await socketIoSender(new Ledger('over-socketio', startMs), await target('over-socketio', hub.url)),
    await httpSender(new Ledger('over-http', startMs), await target('over-http', hub.url)),
  ];
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const goals = senders.map((sender) => sender.ledger.acknowledged + acknowledgedPerLife);
      await until(
        () => senders.every((sender, index) => sender.ledger.acknowledged >= (goals[index] ?? 0)),
        30_000,
        () =>
          `life ${kill}: ${senders.map((sender) => `${sender.ledger.device} ${sender.ledger.acknowledged}`).join(', ')}\n${hub.output}`,
      );
      await hub.kill();
      await hub.start();
    }
  } finally {
    await Promise.all(senders.map((sender) => sender.stop()));
  }
  const tallies = await Promise.all(senders.map((sender) => sender.ledger.compare(hub, group)));
  console.table(tallies);
  for (const tally of tallies) {
    expect(tally.acknowledged).toBeGreaterThanOrEqual(kills * acknowledgedPerLife);
    expect(tally).toMatchObject({ lost: 0, invented: 0, doubled: 0 });
  }
});

test('a device is known after kill -9 as soon as its first reading was acknowledged', async () => {
  await using hub = await HubProcess.start();
  const device = `/api/v1/groups/${group}/devices/newborn`;
  await hub.json(`${device}/telemetry`, { method: 'POST', body: '{"temperature":21.5}' });
  await hub.kill();
  await hub.start();
  expect(await hub.json(device)).toMatchObject({ device: 'newborn', metrics: [{ metric: 'temperature' }] });
  expect(await hub.json(`${device}/latest`)).toMatchObject({
    items: [{ metric: 'temperature', value: 21.5 }],
  });
});

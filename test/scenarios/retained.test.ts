/** ARCHITECTURE §2, Example 5: the retain flag on a live publish is no state, and a replay of state is no reading. */
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { startMosquitto } from '../bridges/mqtt/mosquitto.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { describeWith } from '../support/servers.ts';

const published = 100;
const restarts = 10;
const all = Array.from({ length: published }, (_, index) => index + 1);

async function publishRetained(url: string, device: string, password = ''): Promise<void> {
  const client = await mqtt.connectAsync(url, { username: 'x', password, reconnectPeriod: 0 });
  for (const n of all)
    await client.publishAsync(`signalbox/garden/${device}/telemetry/count`, String(n), {
      qos: 1,
      retain: true,
    });
  await client.endAsync();
}

/** The values in history, in order; empty while the device is unknown. */
async function stored(hub: HubProcess, device: string): Promise<unknown[]> {
  const response = await hub.request(`/api/v1/groups/garden/devices/${device}/history?start=0`);
  if (!response.ok) return [];
  const { series } = (await response.json()) as HistoryAnswer;
  return series[0]?.points?.map(([, value]) => value) ?? [];
}

async function readsBroker(hub: HubProcess): Promise<void> {
  const isReading = async (): Promise<boolean> => {
    const { edges } = await hub.json<{ edges: { name: string; state: string }[] }>('/api/v1/status');
    return edges.some(({ name, state }) => name.includes('broker') && state === 'up');
  };
  await until(isReading, 15_000, () => `The hub does not read from the broker.\n${hub.output}`);
}

describeWith('mosquitto', 'A retained live stream of 100 values, embedded and external broker', (program) => {
  test('gives 100 points each, and ten restarts add none', { timeout: 120_000 }, async () => {
    await using broker = await startMosquitto(program);
    await using hub = await HubProcess.start(['--broker-url', broker.url]);
    await readsBroker(hub);
    await publishRetained(hub.mqtt, 'near', hub.adminToken);
    await publishRetained(broker.url, 'far');
    await until(async () => (await stored(hub, 'far')).length >= published, 10_000);
    for (let restart = 0; restart < restarts; restart += 1) {
      // Half of them are no orderly stop.
      await (restart % 2 === 0 ? hub.stop() : hub.kill());
      await hub.start();
      await readsBroker(hub);
    }
    // What is published last comes through last: by then every replay has been handled.
    const client = await mqtt.connectAsync(broker.url);
    await client.publishAsync('signalbox/garden/marker/telemetry/n', '1', { qos: 1 });
    await until(async () => (await hub.request('/api/v1/groups/garden/devices/marker')).ok, 10_000);
    await client.endAsync();
    expect(await stored(hub, 'near')).toEqual(all);
    expect(await stored(hub, 'far')).toEqual(all);
  });
});

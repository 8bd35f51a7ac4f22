/** ARCHITECTURE §2, Example 5: the retain flag on a live publish is no state, and a replay of state is no reading. */
import mqtt from 'mqtt';
import { describe, expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { startMosquitto } from '../bridges/mqtt/mosquitto.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { describeWith } from '../support/servers.ts';

const device = '/api/v1/groups/garden/devices/meter';
const topic = 'signalbox/garden/meter/telemetry/count';
const published = 100;
const restarts = 10;

async function publishRetained(client: mqtt.MqttClient): Promise<void> {
  for (let n = 1; n <= published; n += 1)
    await client.publishAsync(topic, String(n), { qos: 1, retain: true });
}

/** The values in history, in order; empty while the device is unknown. */
async function stored(hub: HubProcess): Promise<unknown[]> {
  const response = await hub.request(`${device}/history?start=0`);
  if (!response.ok) return [];
  const { series } = (await response.json()) as HistoryAnswer;
  return series[0]?.points?.map(([, value]) => value) ?? [];
}

const all = Array.from({ length: published }, (_, index) => index + 1);

describe('A retained live stream of 100 values, embedded broker', () => {
  test('gives 100 points, and ten restarts add none', { timeout: 60_000 }, async () => {
    await using hub = await HubProcess.start();
    const password = await hub.createToken({
      name: 'meter',
      role: 'device',
      groups: ['garden'],
      device: 'meter',
    });
    const client = await mqtt.connectAsync(hub.mqtt, { username: 'x', password, reconnectPeriod: 0 });
    await publishRetained(client);
    await client.endAsync();
    expect(await stored(hub)).toEqual(all);
    for (let restart = 0; restart < restarts; restart += 1) {
      await hub.stop();
      await hub.start();
    }
    expect(await stored(hub)).toEqual(all);
  });
});

describeWith('mosquitto', 'A retained live stream of 100 values, external broker', (program) => {
  test('gives 100 points, and ten restarts add none', { timeout: 90_000 }, async () => {
    await using broker = await startMosquitto(program);
    await using hub = await HubProcess.start(['--no-mqtt-embedded', '--broker-url', broker.url]);
    const isReading = async (): Promise<boolean> => {
      const { edges } = await hub.json<{ edges: { name: string; state: string }[] }>('/api/v1/status');
      return edges.some(({ name, state }) => name.includes('broker') && state === 'up');
    };
    await until(isReading, 15_000, () => `The hub does not read from the broker.\n${hub.output}`);
    const client = await mqtt.connectAsync(broker.url);
    await publishRetained(client);
    await until(async () => (await stored(hub)).length >= published, 10_000);
    expect(await stored(hub)).toEqual(all);
    for (let restart = 0; restart < restarts; restart += 1) {
      await hub.stop();
      await hub.start();
      await until(isReading, 15_000, () => `The hub does not read from the broker.\n${hub.output}`);
    }
    // What is published last comes through last: by then every replay has been handled.
    await client.publishAsync('signalbox/garden/marker/telemetry/n', '1', { qos: 1 });
    await until(async () => (await hub.request('/api/v1/groups/garden/devices/marker')).ok, 10_000);
    await client.endAsync();
    expect(await stored(hub)).toEqual(all);
  });
});

/**
 * The owner of an existing MQTT network starts the hub with one flag and reads, within 30 s, what it understood. The
 * devices are simulated ones in the words of their families; the broker is a real Mosquitto.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { DeviceInfo, GroupInfo } from '#contract/device.ts';
import { startMosquitto } from '../../bridges/mqtt/mosquitto.ts';
import { HubProcess, repositoryRoot, until } from '../../support/hub-process.ts';
import { describeWith } from '../../support/servers.ts';

const fleets = { tasmota: 6, zigbee2mqtt: 4 } as const;
const strangers = ['attic/thing/one', 'attic/thing/two', 'cellar/door'];
/** First levels that the fleets and the strangers publish under. */
const theirs = new Set(['tele', 'stat', 'tasmota', 'zigbee2mqtt', 'attic', 'cellar']);
const understoodWithinMs = 30_000;

class Fleet implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(url: string, dialect: string, devices: number) {
    const options = ['--url', url, '--speak', dialect, '--devices', String(devices), '--rate', '1'];
    this.#child = spawn(process.execPath, ['simulators/cli.ts', ...options], {
      cwd: repositoryRoot,
      stdio: 'ignore',
    });
    this.#ended = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }
}

/** A subscriber of everything: what topics anybody publishes to. */
async function watchTopics(url: string): Promise<{ client: mqtt.MqttClient; topics: Set<string> }> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 100 }, true);
  const topics = new Set<string>();
  client.on('message', (topic) => topics.add(topic));
  await client.subscribeAsync('#');
  return { client, topics };
}

async function groupsOf(hub: HubProcess): Promise<Record<string, number>> {
  const { items: groups } = await hub.json<{ items: readonly GroupInfo[] }>('/api/v1/groups');
  return Object.fromEntries(groups.map(({ group, devices }) => [group, devices]));
}

describeWith('mosquitto', 'The first five minutes with an MQTT network that is there already', (program) => {
  test('--mqtt is all it takes: devices have names, units and values, and nothing is published', async () => {
    await using mosquitto = await startMosquitto(program);
    const { client, topics } = await watchTopics(mosquitto.url);
    try {
      for (const topic of strangers) await client.publishAsync(topic, 'hm?', { qos: 1, retain: true });
      await using _tasmota = new Fleet(mosquitto.url, 'tasmota', fleets.tasmota);
      await using _zigbee = new Fleet(mosquitto.url, 'zigbee2mqtt', fleets.zigbee2mqtt);
      await using hub = await HubProcess.start(['--mqtt', mosquitto.url]);
      expect(hub.mqtt).toBe('');
      const isTold = (): boolean => hub.output.includes('Understood so far: ');
      await until(isTold, understoodWithinMs, () => hub.output);
      // The broker tells of itself too.
      expect(hub.output).toContain(
        'Understood so far: 6 devices from tasmota, 4 from zigbee2mqtt, 1 from mosquitto, 3 topics in the inbox.',
      );
      expect(await groupsOf(hub)).toEqual({ ...fleets, mosquitto: 1 });
      await expectUnderstood(hub);
      expect([...topics].filter((topic) => !theirs.has(topic.split('/')[0] ?? ''))).toEqual([]);
    } finally {
      client.end(true);
    }
  }, 90_000);
});

/** Every device of both families has values, and what has a unit in its family has it here. */
async function expectUnderstood(hub: HubProcess): Promise<void> {
  for (const group of Object.keys(fleets)) {
    const { items: devices } = await hub.json<{ items: readonly DeviceInfo[] }>(
      `/api/v1/groups/${group}/devices`,
    );
    for (const { device, metrics } of devices)
      expect(metrics.length, `${group}/${device}`).toBeGreaterThan(0);
    expect(devices.flatMap(({ metrics }) => metrics.map(({ unit }) => unit))).toContain('Cel');
  }
}

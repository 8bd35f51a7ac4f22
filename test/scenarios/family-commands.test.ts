/**
 * A relay of any family clicks from the dashboard: simulated devices in the words of their families, on the embedded
 * broker and behind a real Mosquitto. What they show afterwards confirms the command, or their own answer does.
 */
import mqtt, { type MqttClient } from 'mqtt';
import { describe, expect, test } from 'vitest';
import type { CommandRecord, CommandRequest } from '#contract/command.ts';
import type { DeviceInfo } from '#contract/device.ts';
import type { HubStatus } from '#contract/status.ts';
import { toId } from '#contract/names.ts';
import { machineClock } from '../../simulators/clock.ts';
import { Fleet } from '../../simulators/fleet.ts';
import { mqttConnector } from '../../simulators/links/mqtt.ts';
import { modelOf } from '../../simulators/models/catalogue.ts';
import { dialects } from '../../simulators/options.ts';
import { Tally } from '../../simulators/tally.ts';
import { startMosquitto } from '../bridges/mqtt/mosquitto.ts';
import { freePort } from '../support/free-port.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { describeWith } from '../support/servers.ts';

const families = dialects.filter(({ name }) => name !== 'signalbox');
const patienceMs = 20_000;

function startFleets(url: string, token: string | undefined): Fleet[] {
  return families.map((dialect) => {
    const specs = ['smart-plug', 'pump'].map((kind) => ({
      group: dialect.name,
      device: `${dialect.name}-${kind}`,
      title: `${dialect.name} ${kind}`,
      model: modelOf(kind),
    }));
    const fleet = new Fleet({
      specs,
      connectorFor: (device) => mqttConnector({ url, token, dialect }, device),
      clock: machineClock,
      tally: new Tally(),
      seed: 1,
      rate: 1,
    });
    fleet.start();
    return fleet;
  });
}

/** A plug that is in no simulator: says its state every second, and again when it was told to change. */
interface Plug {
  readonly group: string;
  readonly device: string;
  readonly state: string;
  readonly command: string;
  readonly words: { readonly on: string; readonly off: string };
  /** Retained, for Home Assistant. */
  readonly config?: { readonly topic: string; readonly fields: object };
}
const plugs: readonly Plug[] = [
  {
    group: 'shelly',
    device: 'shellyplug-1',
    state: 'shellies/shellyplug-1/relay/0',
    command: 'shellies/shellyplug-1/relay/0/command',
    words: { on: 'on', off: 'off' },
  },
  {
    group: 'homeassistant',
    device: 'fan-1',
    state: 'attic/fan',
    command: 'attic/fan/set',
    words: { on: 'ON', off: 'OFF' },
    config: {
      topic: 'homeassistant/switch/fan-1/config',
      fields: { dev: { ids: ['fan-1'] }, name: 'Fan', stat_t: 'attic/fan', cmd_t: 'attic/fan/set' },
    },
  },
];

async function plugIn(url: string, token: string | undefined): Promise<AsyncDisposable> {
  const login = token === undefined ? {} : { username: 'plugs', password: token };
  const client: MqttClient = await mqtt.connectAsync(url, { protocolVersion: 4, ...login });
  const states = new Map(plugs.map((plug) => [plug.command, { plug, word: plug.words.off }]));
  const say = (): void => {
    for (const { plug, word } of states.values()) client.publish(plug.state, word);
  };
  client.on('message', (topic, payload) => {
    const told = states.get(topic);
    if (told === undefined) return;
    told.word = payload.toString();
    say();
  });
  await client.subscribeAsync([...states.keys()]);
  for (const { config } of plugs)
    if (config !== undefined)
      await client.publishAsync(config.topic, JSON.stringify(config.fields), { retain: true });
  const timer = setInterval(say, 1000);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await client.endAsync();
    },
  };
}

/** Of both kinds. */
const subjects = [
  ...families.flatMap(({ name: group }) =>
    ['smart-plug', 'pump'].map((kind) => ({ group, kind, device: deviceName(group, kind) })),
  ),
  ...plugs.map(({ group, device }) => ({ group, kind: device, device })),
];

/** As the hub names it: a Sparkplug device is one of an edge node, in a group of theirs. */
function deviceName(group: string, kind: string): string {
  return toId(group === 'sparkplug' ? `sparkplug/sparkplug-${kind}/${kind}` : `${group}-${kind}`);
}

async function deviceOf(hub: HubProcess, group: string, device: string): Promise<DeviceInfo | undefined> {
  const response = await hub.request(`/api/v1/groups/${group}/devices/${device}`);
  return response.ok ? ((await response.json()) as DeviceInfo) : undefined;
}

async function command(hub: HubProcess, group: string, body: CommandRequest): Promise<CommandRecord> {
  const { device, ...rest } = body;
  const path = `/api/v1/groups/${group}/devices/${device}/commands`;
  let record: CommandRecord | undefined;
  // A person clicks less often than this test: it waits when it is told so.
  await until(async () => {
    const response = await hub.request(path, { method: 'POST', body: JSON.stringify(rest) });
    if (response.status !== 429) record = (await response.json()) as CommandRecord;
    return record !== undefined;
  }, patienceMs);
  const id = record?.id ?? '';
  await until(async () => {
    record = await hub.json<CommandRecord>(`/api/v1/groups/${group}/commands/${id}`);
    return ['succeeded', 'failed', 'expired'].includes(record.state);
  }, patienceMs);
  return record as CommandRecord;
}

async function latest(hub: HubProcess, group: string, device: string, metric: string): Promise<unknown> {
  const { items } = await hub.json<{ items: { metric: string; value: unknown }[] }>(
    `/api/v1/groups/${group}/devices/${device}/latest`,
  );
  return items.find((item) => item.metric === metric)?.value;
}

/** Clicks the relay of every family twice, so that it surely changes, and moves what has a range. */
async function clickAll(hub: HubProcess): Promise<string[]> {
  const told: string[] = [];
  for (const { group, kind, device } of subjects) {
    await until(
      async () => ((await deviceOf(hub, group, device))?.controls.length ?? 0) > 0,
      patienceMs,
      () => `${device} has no control.\n${hub.output}`,
    );
    const controls = (await deviceOf(hub, group, device))?.controls ?? [];
    for (const { name, metric = '', kind: what, max } of controls)
      for (const value of what === 'switch' ? [true, false] : [max ?? 100]) {
        const { state, error } = await command(hub, group, { device, name, args: { value }, ttlMs: 10_000 });
        expect({ device, name, value, state, error }).toMatchObject({ state: 'succeeded', error: undefined });
        expect(await latest(hub, group, device, metric)).toBe(value);
        told.push(`${group} ${kind} ${what}`);
      }
  }
  return [...new Set(told)];
}

function expectClicks(told: readonly string[]): void {
  for (const { name } of families) {
    expect(told).toContain(`${name} smart-plug switch`);
    expect(told).toContain(`${name} pump switch`);
  }
  for (const { group, device } of plugs) expect(told).toContain(`${group} ${device} switch`);
  expect(told).toEqual(
    expect.arrayContaining([
      'tasmota pump slider',
      'esphome pump slider',
      'homie pump slider',
      'sparkplug pump slider',
    ]),
  );
}

describe('Commands in the words of device families', () => {
  test('on the embedded broker', { timeout: 120_000 }, async () => {
    await using hub = await HubProcess.start();
    const token = await hub.createToken({ name: 'all', role: 'gateway', groups: '*', topicFilters: ['#'] });
    const fleets = startFleets(hub.mqtt, token);
    await using _plugs = await plugIn(hub.mqtt, token);
    try {
      expectClicks(await clickAll(hub));
    } finally {
      await Promise.all(fleets.map((fleet) => fleet.stop()));
    }
  });
});

describeWith('mosquitto', 'Commands to devices behind somebody else’s broker', (program) => {
  test('click when its owner wants that', { timeout: 120_000 }, async () => {
    await using mosquitto = await startMosquitto(program);
    // They are there before the hub is: what was said once and not retained must be asked for.
    const fleets = startFleets(mosquitto.url, undefined);
    await using _plugs = await plugIn(mosquitto.url, undefined);
    await until(() => fleets.every(({ connected }) => connected === 2), patienceMs);
    await using hub = await HubProcess.start(['--mqtt', mosquitto.url], undefined, {
      SIGNALBOX_BROKER_COMMANDS: 'true',
    });
    try {
      expectClicks(await clickAll(hub));
    } finally {
      await Promise.all(fleets.map((fleet) => fleet.stop()));
    }
  });

  test(
    'are not even offered as long as nobody has said so, and nothing is published',
    { timeout: 60_000 },
    async () => {
      await using mosquitto = await startMosquitto(program);
      // Another broker that is away hinders nothing.
      const away = `away=mqtt://127.0.0.1:${await freePort()}`;
      await using hub = await HubProcess.start(['--mqtt', mosquitto.url, '--brokers', away]);
      const watcher = await mqtt.connectAsync(mosquitto.url, { protocolVersion: 5 });
      try {
        const topics: string[] = [];
        watcher.on('message', (topic) => topics.push(topic));
        await watcher.subscribeAsync('#');
        await until(async () => {
          await watcher.publishAsync('stat/plug/POWER', 'ON', { qos: 1 });
          return (await deviceOf(hub, 'tasmota', 'plug')) !== undefined;
        }, patienceMs);
        expect((await deviceOf(hub, 'tasmota', 'plug'))?.controls).toEqual([]);
        const record = await command(hub, 'tasmota', {
          device: 'plug',
          name: 'POWER',
          args: { value: false },
        });
        expect(record).toMatchObject({ state: 'failed', error: { code: 'offline' } });
        expect([...new Set(topics)]).toEqual(['stat/plug/POWER']);
        const { edges } = await hub.json<HubStatus>('/api/v1/status');
        expect(edges).toContainEqual(expect.objectContaining({ name: 'broker', state: 'up', reconnects: 0 }));
        expect(edges.find(({ name }) => name === 'away')).toMatchObject({
          state: 'down',
          detail: expect.stringContaining('ECONNREFUSED'),
        });
      } finally {
        watcher.end(true);
      }
    },
  );
});

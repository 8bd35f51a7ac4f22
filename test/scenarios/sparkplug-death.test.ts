/**
 * A Sparkplug node dies and is born again: what was said last is stale in between, live and in history.
 * Spec: Sparkplug 3.0, tck-id-operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale.
 */
import { expect, test } from 'vitest';
import { toId } from '#contract/names.ts';
import type { HistoryAnswer } from '#contract/view.ts';
import { sparkplugDialect } from '../../simulators/dialects/sparkplug.ts';
import { mqttConnector } from '../../simulators/links/mqtt.ts';
import type { Connection } from '../../simulators/links/connector.ts';
import { climate } from '../simulators/support/devices.ts';
import { HubProcess, until } from '../support/hub-process.ts';

const patienceMs = 10_000;

interface Latest {
  readonly metric: string;
  readonly value: unknown;
  readonly quality?: string;
}

const device = toId(`${climate.group}/${climate.device}/${climate.kind}`);
const path = `/api/v1/groups/sparkplug/devices/${device}`;

function say(node: Connection, temperature: number): Promise<unknown> {
  return node.send({ type: 'telemetry', ts: Date.now(), values: { temperature } });
}

test('a death makes values stale, live and in history; the next birth and its data make them good', async () => {
  await using hub = await HubProcess.start();
  const token = await hub.createToken({ name: 'all', role: 'gateway', groups: '*', topicFilters: ['#'] });
  const connector = mqttConnector({ url: hub.mqtt, token, dialect: sparkplugDialect }, climate);
  const connect = (): Promise<Connection> =>
    connector.connect({ onCommand: () => ({ ok: true }), onLost: () => {} });
  const shows = async (value: number, quality: string): Promise<boolean> => {
    const response = await hub.request(`${path}/latest`);
    if (!response.ok) return false;
    const { items } = (await response.json()) as { items: readonly Latest[] };
    const found = items.find(({ metric }) => metric === 'temperature');
    return found?.value === value && (found.quality ?? 'good') === quality;
  };
  const presence = async (): Promise<string> => (await hub.json<{ presence: string }>(path)).presence;

  const first = await connect();
  await say(first, 21.5);
  await until(() => shows(21.5, 'good'), patienceMs);
  first.abort();
  await until(() => shows(21.5, 'stale'), patienceMs);
  await until(async () => (await presence()) === 'offline', patienceMs);
  const second = await connect();
  await say(second, 22.5);
  await until(() => shows(22.5, 'good'), patienceMs);
  expect(await presence()).toBe('online');
  await second.close();

  const { series } = await hub.json<HistoryAnswer>(`${path}/history?metrics=temperature&limit=100`);
  const rows = series.flatMap(({ points = [] }) => points);
  expect(rows.map(([, value, quality = 'good']) => [value, quality])).toContainEqual([21.5, 'stale']);
});

/**
 * Every sample of real traffic that lies beside the repository, sent to a whole hub: it stays alive and well, what was
 * understood is in registry and history, and what was not is in inbox or quarantine with its reason.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { describe, expect, test } from 'vitest';
import type { GroupInfo } from '#contract/device.ts';
import type { HubStatus } from '#contract/status.ts';
import { HubProcess, repositoryRoot } from '../support/hub-process.ts';

interface Sample {
  readonly topic: string;
  readonly payload: string;
  readonly encoding: BufferEncoding;
}

const folder = join(repositoryRoot, '..', 'shared', 'payloads');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
if (files.length === 0) console.log('Skipped: there are no payload samples beside the repository.');

/** `$` topics are a broker's own: no client may publish them. */
function samplesOf(file: string): Sample[] {
  const samples = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Sample[];
  return samples.filter(({ topic }) => !topic.startsWith('$'));
}

interface Kept {
  readonly inbox: number;
  readonly quarantine: number;
  readonly readings: number;
}

async function keptBy(hub: HubProcess): Promise<Kept> {
  const count = async (path: string): Promise<number> => {
    const { items } = await hub.json<{ items: { reason?: string; why?: string; code?: string }[] }>(path);
    for (const item of items) expect(item.why ?? item.code).toMatch(/./);
    return items.length;
  };
  const status = await hub.json<HubStatus>('/api/v1/status');
  return {
    inbox: await count('/api/v1/inbox?limit=1000'),
    quarantine: await count('/api/v1/quarantine?limit=1000'),
    readings: status.store.head,
  };
}

describe.skipIf(files.length === 0)('Real payloads through the whole hub', () => {
  test('each is acknowledged and kept somewhere; the hub stays well', { timeout: 120_000 }, async () => {
    await using hub = await HubProcess.start();
    const token = await hub.createToken({
      name: 'everything',
      role: 'gateway',
      groups: '*',
      topicFilters: ['#'],
    });
    const client = await mqtt.connectAsync(hub.mqtt, { username: 'x', password: token, reconnectPeriod: 0 });
    const tally: Record<string, Kept & { sent: number }> = {};
    for (const file of files) {
      const before = await keptBy(hub);
      const samples = samplesOf(file);
      await Promise.all(
        samples.map(({ topic, payload, encoding }) =>
          client.publishAsync(topic, Buffer.from(payload, encoding), { qos: 1 }),
        ),
      );
      const after = await keptBy(hub);
      tally[file] = {
        sent: samples.length,
        readings: after.readings - before.readings,
        inbox: after.inbox - before.inbox,
        quarantine: after.quarantine - before.quarantine,
      };
    }
    console.table(tally);
    expect(client.connected).toBe(true);
    await client.endAsync();
    const { items: groups } = await hub.json<{ items: GroupInfo[] }>('/api/v1/groups');
    expect(groups.map(({ group }) => group)).toEqual(
      expect.arrayContaining(['tasmota', 'zigbee2mqtt', 'shelly']),
    );
    const status = await hub.json<HubStatus>('/api/v1/status');
    expect(status.state).toBe('ok');
    expect(
      Object.keys(status.counters).filter((name) => /decoder-failed|listener-failed/.test(name)),
    ).toEqual([]);
  });
});

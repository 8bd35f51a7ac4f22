/**
 * Every sample of real traffic that lies beside the repository goes through a real embedded broker over TCP: nothing
 * crashes it, nothing is lost silently, and the tally says by family where everything ended.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHub, type TestHub } from '../bridges/mqtt/support.ts';

interface Sample {
  readonly topic: string;
  readonly payload: string;
  readonly encoding: 'utf8' | 'base64';
  readonly retained?: boolean;
}

const folder = join(import.meta.dirname, '../../../shared/payloads');
const isThere = existsSync(folder);
const files = isThere ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

/** `$` topics come from brokers, not from clients: the embedded broker refuses them at the door. */
const isPublishable = ({ topic }: Sample): boolean => !topic.startsWith('$');

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(async () => {
  await hub.close();
});

function load(file: string): readonly Sample[] {
  return (JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Sample[]).filter(isPublishable);
}

function ends(): {
  readings: number;
  events: number;
  presence: number;
  described: number;
  quarantined: number;
  inbox: number;
} {
  const { ingest, devices } = hub;
  return {
    readings: ingest.deliveries.reduce((sum, { readings }) => sum + readings.length, 0),
    events: ingest.deliveries.reduce((sum, { events = [] }) => sum + events.length, 0),
    presence: devices.statuses.length,
    described: devices.descriptions.size,
    quarantined: ingest.quarantined.length,
    inbox: ingest.inbox.length,
  };
}

/** Messages that came to an end, by the decoder that took them. */
function received(): Map<string, number> {
  const prefix = 'mqtt.received/';
  const decoded = [...hub.counters.counts].filter(([name]) => name.startsWith(prefix));
  return new Map(decoded.map(([name, count]) => [name.slice(prefix.length), count]));
}

describe.skipIf(!isThere)('every sample of real traffic', () => {
  for (const file of files)
    test(`${file} ends as readings, events, presence, description, quarantine or inbox`, async () => {
      const samples = load(file);
      const before = { ...ends(), received: received(), broken: hub.ingest.quarantined.length };
      const client = await hub.connect('gateway');
      await Promise.all(
        samples.map(({ topic, payload, encoding, retained = false }) =>
          client.publishAsync(topic, Buffer.from(payload, encoding), { qos: 1, retain: retained }),
        ),
      );
      expect(client.connected).toBe(true);
      const after = ends();
      const families = [...received()]
        .map(([name, count]) => [name, count - (before.received.get(name) ?? 0)] as const)
        .filter(([, count]) => count > 0);
      const quarantine = hub.ingest.quarantined.slice(before.broken).map(({ code }) => code);
      // What cannot be decoded at all is in quarantine without ever having a decoder.
      const undecoded = samples.length - families.reduce((sum, [, count]) => sum + count, 0);
      expect(undecoded).toBeGreaterThanOrEqual(0);
      expect(undecoded).toBeLessThanOrEqual(quarantine.length);
      expect(quarantine).not.toContain('decoder-failed');
      const parts = Object.entries(after).map(
        ([name, count]) => [name, count - before[name as keyof typeof after]] as const,
      );
      expect(parts.some(([, count]) => count > 0) || samples.length === 0).toBe(true);
      console.log(
        `${file.padEnd(34)} ${String(samples.length).padStart(4)} messages (${families.map(([name, count]) => `${name} ${count}`).join(', ')}): ` +
          parts
            .filter(([, count]) => count > 0)
            .map(([name, count]) => `${count} ${name}`)
            .join(', '),
      );
      await client.endAsync();
    });

  test('nothing that the payloads hold has polluted a prototype', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

/**
 * Two hubs divide telemetry by a share at one Mosquitto, under load. One is drained and comes back, then the other is
 * killed and comes back. What Mosquitto acknowledged to the devices is in one hub or in the other; a message that a killed
 * hub had stored and not yet acknowledged may be in both.
 */
import { expect, test } from 'vitest';
import type { HubStatus } from '#contract/status.ts';
import { startMosquitto } from '../bridges/mqtt/mosquitto.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { describeWith } from '../support/servers.ts';
import { Ledger } from './support/ledger.ts';
import { mqttSender } from './support/senders.ts';

const group = 'plant';
const perPhase = 200;
const patienceMs = 20_000;

async function startHub(url: string): Promise<HubProcess> {
  const hub = await HubProcess.start(['--mqtt', url, '--broker-share', 'hubs']);
  await isReading(hub);
  return hub;
}

function isReading(hub: HubProcess): Promise<void> {
  const isUp = async (): Promise<boolean> => {
    const { edges } = await hub.json<HubStatus>('/api/v1/status');
    return edges.some(({ name, state }) => ['broker', 'second'].includes(name) && state === 'up');
  };
  return until(isUp, patienceMs, () => hub.output);
}

describeWith('mosquitto', 'Two hubs of one share under load', (program) => {
  test(
    'when one is drained and the other is killed, nothing acknowledged is lost',
    { timeout: 90_000 },
    async () => {
      await using mosquitto = await startMosquitto(program);
      await using first = await startHub(mosquitto.url);
      await using second = await HubProcess.start([
        '--mqtt',
        mosquitto.url,
        '--broker-share',
        'hubs',
        '--broker-name',
        'second',
      ]);
      await isReading(second);
      const ledger = new Ledger('d', Date.now() - 3_600_000);
      const sender = await mqttSender(ledger, { url: mosquitto.url, token: 'x', group, restMs: 2 });
      const phase = async (): Promise<void> => {
        const goal = ledger.acknowledged + perPhase;
        await until(() => ledger.acknowledged >= goal, patienceMs);
      };
      try {
        await phase();
        expect(await first.stop()).toBe(0);
        await phase();
        await first.start();
        await isReading(first);
        await phase();
        await second.kill();
        await phase();
        await second.start();
        await isReading(second);
        await phase();
      } finally {
        await sender.stop();
      }
      const lost = async (): Promise<number> => (await ledger.unionOf([first, second], group)).lost;
      await until(
        async () => (await lost()) === 0,
        patienceMs,
        () => `${first.output}\n${second.output}`,
      );
      const tallies = await Promise.all([first, second].map((hub) => ledger.compare(hub, group)));
      // Both had their part, and neither has anything twice or anything that nobody sent.
      for (const { stored, invented, doubled } of tallies) {
        expect(stored).toBeGreaterThan(0);
        expect([invented, doubled]).toEqual([0, 0]);
      }
      console.table(tallies);
    },
  );
});

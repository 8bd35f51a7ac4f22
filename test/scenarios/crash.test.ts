/** kill -9 of the hub while devices of all three protocols send: every acknowledged reading is in the store. */
import { describe, expect, test } from 'vitest';
import { HubProcess } from '../support/hub-process.ts';
import { runPointedCrashes, runRandomCrashes, type CrashTally } from './support/crashes.ts';

const group = 'crash';

function expectNothingLost({ senders, offsetsGoneBack }: CrashTally): void {
  console.table(senders);
  for (const tally of senders) expect(tally).toMatchObject({ lost: 0, invented: 0, doubled: 0 });
  expect(offsetsGoneBack).toBe(0);
}

// Each mostly waits for its hub to start again.
describe.concurrent('kill -9 under load loses nothing acknowledged and doubles nothing', () => {
  test('twenty times at random', { timeout: 300_000 }, async () => {
    const tally = await runRandomCrashes(20, Math.random);
    expectNothingLost(tally);
    for (const { acknowledged } of tally.senders) expect(acknowledged).toBeGreaterThan(20 * 20);
  });

  for (const point of [
    'crash-after-write',
    'crash-after-fsync',
    'crash-after-ack',
    'crash-in-merge',
  ] as const)
    test(`at the point ${point}`, { timeout: 120_000 }, async () => {
      // As devices see it, a hub that gathers before it commits differs in nothing but time.
      const flags = point === 'crash-after-ack' ? ['--history-linger-ms', '50'] : [];
      expectNothingLost(await runPointedCrashes(point, 2, flags));
    });
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

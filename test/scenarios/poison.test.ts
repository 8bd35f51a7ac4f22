/** One reading in each of a thousand batches can never be accepted: the others are kept, and each of these says why. */
import { expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { HubProcess } from '../support/hub-process.ts';

const batches = 1000;
const perBatch = 10;
const startMs = Date.now() - 3_600_000;
const poison = [
  { values: { n: 'x'.repeat(70_000) } },
  { ts: 1_000_000_000_000_000_000_000, values: { n: 1 } },
  { ts: Date.UTC(2001, 0, 1), values: { n: 1 } },
  { ts: 'yesterday', values: { n: 1 } },
];

test('a thousand batches with one poisoned reading each', { timeout: 120_000 }, async () => {
  await using hub = await HubProcess.start();
  let accepted = 0;
  let rejected = 0;
  const send = async (batch: number): Promise<void> => {
    const good = Array.from({ length: perBatch - 1 }, (_, index) => ({
      ts: startMs + batch * perBatch + index,
      values: { n: batch * perBatch + index },
    }));
    const body = JSON.stringify(good.toSpliced(batch % perBatch, 0, poison[batch % poison.length] as never));
    const response = await hub.request('/api/v1/groups/plant/devices/d/telemetry', { method: 'POST', body });
    const receipt = (await response.json()) as {
      accepted: number;
      rejected: readonly { code: string; message: string }[];
    };
    expect(response.status, JSON.stringify(receipt)).toBe(200);
    for (const { code, message } of receipt.rejected)
      expect([code, message]).toEqual([expect.stringMatching(/^[a-z-]+$/), expect.stringMatching(/\w/)]);
    accepted += receipt.accepted;
    rejected += receipt.rejected.length;
  };
  for (let batch = 0; batch < batches; batch += 20)
    await Promise.all(Array.from({ length: 20 }, (_, index) => send(batch + index)));
  console.log(`${accepted} accepted, ${rejected} rejected`);
  expect([accepted, rejected]).toEqual([batches * (perBatch - 1), batches]);
  const { series } = await hub.json<HistoryAnswer>(
    `/api/v1/groups/plant/devices/d/history?metrics=n&start=${startMs}&end=${startMs + batches * perBatch}&limit=20000`,
  );
  const values = (series[0]?.points ?? []).map(([timeMs, value]) => [timeMs - startMs, value]);
  expect(values).toHaveLength(batches * (perBatch - 1));
  expect(values.every(([time, value]) => time === value)).toBe(true);
});

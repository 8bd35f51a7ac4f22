/**
 * A hub that is being written to is backed up by its command; the copy becomes a hub of its own. Everything that was
 * acknowledged before the command is there, everything that is there was sent, and offsets begin anew for dashboards.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { HubProcess, repositoryRoot, temporaryFolder } from '../support/hub-process.ts';

const path = '/api/v1/groups/plant/devices/pump';
const startMs = Date.now() - 3_600_000;

async function command(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['hub/cli.ts', ...args], { cwd: repositoryRoot });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(output);
  return output;
}

async function send(hub: HubProcess, count: number): Promise<void> {
  const body = JSON.stringify([{ ts: startMs + count, values: { flow: count } }]);
  await hub.json(`${path}/telemetry`, { method: 'POST', body });
}

async function valuesOf(hub: HubProcess): Promise<readonly unknown[]> {
  const answer = await hub.json<HistoryAnswer>(`${path}/history?start=${startMs}&metrics=flow`);
  return answer.series[0]?.points?.map(([, value]) => value) ?? [];
}

test('a backup made under load is a hub with everything that was acknowledged before it', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'copy.db');
  let sent = 0;
  let epoch: string;
  let before: number;
  {
    await using hub = await HubProcess.start();
    while (sent < 200) await send(hub, (sent += 1));
    const saved = { done: false };
    before = sent;
    const saving = command(['backup', file, '--data', hub.dataFolder]).finally(() => (saved.done = true));
    while (!saved.done) await send(hub, (sent += 1));
    expect(await saving).toMatch(/^Saved \d+ bytes/);
    ({ epoch } = await hub.json<{ epoch: string }>('/api/v1/status'));
  }
  const data = join(folder, 'data');
  mkdirSync(data);
  copyFileSync(file, join(data, 'signalbox.db'));
  await using restored = await HubProcess.start([], data);
  const values = await valuesOf(restored).catch(async (error: unknown) => {
    throw new Error(restored.output, { cause: error });
  });
  expect(values.length).toBeGreaterThanOrEqual(before);
  expect(values).toEqual(Array.from({ length: values.length }, (_, index) => index + 1));
  expect(values.length).toBeLessThanOrEqual(sent);
  expect((await restored.json<{ epoch: string }>('/api/v1/status')).epoch).not.toBe(epoch);
  rmSync(folder, { recursive: true, force: true });
});

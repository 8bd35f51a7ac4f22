/** What is exported from one hub and imported into another is the same there: line protocol and CSV, by the commands. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { HubProcess, repositoryRoot, temporaryFolder } from '../support/hub-process.ts';

const path = '/api/v1/groups/plant';
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

async function allOf(hub: HubProcess): Promise<HistoryAnswer['series']> {
  const { series } = await hub.json<HistoryAnswer>(`${path}/history?devices=pump,host&start=${startMs}`);
  return series;
}

test('readings of every kind go from hub to hub, twice without doubling', async () => {
  const folder = temporaryFolder();
  await using from = await HubProcess.start();
  const packs = Array.from({ length: 300 }, (_, index) => ({
    ts: startMs + index * 1000 + 0.001,
    values: { flow: index / 8, state: index % 2 === 0 ? 'on, "here"' : '5', open: index % 3 === 0 },
  }));
  await from.json(`${path}/devices/pump/telemetry`, { method: 'POST', body: JSON.stringify(packs) });
  const lines = `cpu,host=host,cpu=cpu0 idle=1 ${startMs}\ncpu,host=host,cpu=cpu1 idle=2 ${startMs}`;
  const written = await from.request('/api/v2/write?bucket=plant&precision=ms', {
    method: 'POST',
    body: lines,
    headers: { 'content-type': 'text/plain' },
  });
  expect(written.status).toBe(204);
  const expected = await allOf(from);
  expect(expected.reduce((sum, { points = [] }) => sum + points.length, 0)).toBe(902);
  for (const name of ['plant.lp', 'plant.csv']) {
    const file = join(folder, name);
    expect(await command(['export', 'plant', file, '--data', from.dataFolder])).toMatch(
      /^Exported \d+ bytes/,
    );
    await using to = await HubProcess.start();
    for (let time = 0; time < 2; time += 1)
      expect(await command(['import', 'plant', file, '--data', to.dataFolder])).toMatch(
        /Imported 902 readings/,
      );
    expect(await allOf(to)).toEqual(expected);
  }
  rmSync(folder, { recursive: true, force: true });
});

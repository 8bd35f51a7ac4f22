/** `npm run demo:stall` against a real hub: twelve frozen dashboards, one healthy one, and what it measured. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { HubProcess, repositoryRoot } from '../support/hub-process.ts';

function numbers(output: string, pattern: RegExp): number[] {
  const match = pattern.exec(output);
  if (match === null) throw new Error(`${String(pattern)} is not in:\n${output}`);
  return match.slice(1).map(Number);
}

test(
  'frozen dashboards neither cost the healthy one a reading nor the hub its memory',
  { timeout: 60_000 },
  async () => {
    await using hub = await HubProcess.start();
    const output = execFileSync(
      process.execPath,
      ['simulators/stall.ts', '--data', hub.dataFolder, '--frozen', '12', '--seconds', '6'],
      { cwd: repositoryRoot, encoding: 'utf8', timeout: 50_000 },
    );
    console.log(output);
    const [received = 0, sent = 0] = numbers(output, /healthy: readings received\s+(\d+) of (\d+)/);
    const [before = 0, after = 0] = numbers(output, /hub memory\s+(\d+) MiB before, (\d+) MiB after/);
    expect(sent).toBeGreaterThan(1000);
    expect(received).toBe(sent);
    expect(numbers(output, /healthy: gaps\s+(\d+)/)).toEqual([0]);
    // Each frozen one may hold its bounded buffer; the rest is the load itself.
    expect(after - before).toBeLessThan(100);
  },
);

/** The commands of the guides, as a reader would paste them, against a hub that runs. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HubProcess, repositoryRoot, temporaryFolder } from '../support/hub-process.ts';

let hub: HubProcess;
beforeAll(async () => {
  hub = await HubProcess.start([], join(temporaryFolder(), 'data'));
  for (const device of ['bed-7', 'pump'])
    await hub.json(`/api/v1/groups/greenhouse/devices/${device}/telemetry`, {
      method: 'POST',
      body: '{"temperature":21.5}',
    });
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
});

/** The shell blocks of a guide. */
function blocksOf(guide: string): readonly string[] {
  const text = readFileSync(join(repositoryRoot, 'docs', guide), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? '');
}

/** All of it in one shell, so that what one block defines the next may use; a refusal is a failure. */
async function paste(script: string): Promise<string> {
  const here = script
    .replaceAll('http://127.0.0.1:8080', hub.url)
    .replaceAll('curl -s ', 'curl -sS --fail-with-body ');
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', here], {
    cwd: dirname(hub.dataFolder),
  });
  return stdout;
}

describe('docs/devices.md', () => {
  test('describes, archives, moves and commands a device', async () => {
    const said = await paste(blocksOf('devices.md').join('\n'));
    expect(said).toContain('Bed 7, north');
    const moved = await hub.json<object>('/api/v1/groups/greenhouse/devices/bed-8');
    expect(moved).toMatchObject({ title: 'Bed 7, north', labels: { row: '7' } });
  });
});

describe('docs/mappings.md', () => {
  test('tries a mapping on what waits', async () => {
    const said = JSON.parse(await paste(blocksOf('mappings.md').join('\n'))) as object;
    expect(said).toHaveProperty('items');
  });
});

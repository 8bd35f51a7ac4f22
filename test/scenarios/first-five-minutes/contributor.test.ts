/** A contributor in a fresh clone: CONTRIBUTING's commands, a change that shows, one test, the checks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cloneWorkingTree, Command, commandsUnder, removeFolder, runCommand } from '../../support/clone.ts';
import { until } from '../../support/hub-process.ts';

describe('Contributor: clone, npm run dev, a change, one test, npm run check', () => {
  const [install = '', dev = '', oneTest = '', check = ''] = commandsUnder(
    'CONTRIBUTING.md',
    'The first change in five minutes',
  );
  let folder: string;

  beforeAll(async () => {
    folder = cloneWorkingTree();
    await runCommand(install, folder, 240_000);
  }, 300_000);

  afterAll(() => removeFolder(folder));

  test('CONTRIBUTING names the commands', () => {
    expect([install, dev, check]).toEqual(['npm ci', 'npm run dev', 'npm run check']);
    expect(oneTest).toMatch(/^npm test -- test\/.*\.test\.ts$/);
  });

  test('one test file runs and passes', { timeout: 60_000 }, async () => {
    expect(await runCommand(oneTest, folder, 60_000)).toMatch(/^[1-9]\d* passed, 0 failed/m);
  });

  test('the checks are clean', { timeout: 240_000 }, async () => {
    await runCommand(check, folder, 240_000);
  });

  test('npm run dev serves pages that change when a file is saved', { timeout: 120_000 }, async () => {
    await using running = new Command(dev, folder);
    const [, page = ''] = await running.prints(/(http:\/\/127\.0\.0\.1:\d+)\/#login=/, 60_000);
    const source = join(folder, 'dashboards', 'index.html');
    const fetchPage = async (): Promise<string> => (await fetch(page)).text();
    expect(await fetchPage()).toContain('<title>');
    writeFileSync(
      source,
      readFileSync(source, 'utf8').replace(/<title>[^<]*</, '<title>changed by a contributor<'),
    );
    await until(
      async () => (await fetchPage()).includes('changed by a contributor'),
      20_000,
      () => 'The page never changed.',
    );
    const health = await fetch(`${page}/api/v1/status`);
    expect(health.status).toBe(401);
    await running.interrupt(20_000);
    await until(
      () => running.survivors().length === 0,
      10_000,
      () => `still running: ${running.survivors().join(', ')}`,
    );
  });
});

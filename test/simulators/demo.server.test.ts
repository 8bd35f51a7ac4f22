import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HttpStub } from './support/http-stub.ts';
import { expectRefusal, run } from './support/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('what cannot be done is one clear sentence and exit code 1', () => {
  test('npm run demo with an option that does not exist', () =>
    expectRefusal('demo.ts', ['--colour', 'red'], /^This is not how it is called; npm run demo -- /));

  test('npm run demo with a port that is none', () =>
    expectRefusal('demo.ts', ['--http-port', 'http'], /^A port is a whole number from 1 to 65535\./));

  test('npm run demo with a data folder that cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expectRefusal(
      'demo.ts',
      ['--data', join(folder, 'file', 'data')],
      /^The data folder .* cannot be made: /,
    );
  });

  test('npm run demo beside a hub that uses the data folder already', async () => {
    const hub = await HttpStub.start();
    writeFileSync(join(folder, 'hub.json'), JSON.stringify({ pid: 4711, url: hub.url, mqtt: '' }));
    await expectRefusal(
      'demo.ts',
      ['--data', folder],
      /^A hub runs with this data folder already, .*pid 4711/,
    );
    await hub.stop();
  });
});

test('npm run demo --help tells how it is called and starts nothing', async () => {
  const { code, out, err } = await run('demo.ts', ['--help']).ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^npm run demo -- /);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HttpStub } from './support/http-stub.ts';
import { run } from './support/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One clear sentence, and nothing started. */
async function expectRefusal(script: string, args: readonly string[], sentence: RegExp): Promise<void> {
  const { code, out, err } = await run(script, args).ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(sentence);
  expect(err.trimEnd()).not.toContain('\n');
}

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

  test('npm run demo:stall without a hub', () =>
    expectRefusal(
      'stall.ts',
      ['--data', folder],
      /^No hub runs with the data folder .*: start npm run demo first\./,
    ));

  test('npm run demo:stall with no dashboards to freeze', () =>
    expectRefusal('stall.ts', ['--frozen', '0'], /^--frozen takes 1 to 200/));

  test('npm run dev with an option that does not exist', () =>
    expectRefusal('dev.ts', ['--colour'], /^This is not how it is called; npm run dev -- /));
});

for (const script of ['demo.ts', 'stall.ts', 'dev.ts']) {
  test(`${script} --help tells how it is called and starts nothing`, async () => {
    const { code, out, err } = await run(script, ['--help']).ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^npm run (demo|dev)/);
  });
}

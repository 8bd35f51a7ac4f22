import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expectRefusal, run } from './support/run.ts';

describe('what cannot be done is one clear sentence and exit code 1', () => {
  test('an option that does not exist', () =>
    expectRefusal('dev.ts', ['--colour'], /^This is not how it is called; npm run dev -- /));

  test('a port that is none', () =>
    expectRefusal('dev.ts', ['--http-port', 'http'], /^A port is a whole number from 1 to 65535\./));

  test('a data folder that cannot be made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dev-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'file'), '');
    const data = join(folder, 'file', 'data');
    await expectRefusal('dev.ts', ['--data', data], /^The data folder .* cannot be made: /);
  });
});

test('--help tells how it is called and starts nothing', async () => {
  const { code, out, err } = await run('dev.ts', ['--help']).ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^npm run dev -- /);
});

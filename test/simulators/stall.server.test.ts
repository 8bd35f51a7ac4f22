import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectRefusal, run } from './support/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stall-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('what cannot be done is one clear sentence and exit code 1', () => {
  test('without a hub', () =>
    expectRefusal(
      'stall.ts',
      ['--data', folder],
      /^No hub runs with the data folder .*: start npm run demo first\./,
    ));

  test('no dashboards to freeze', () =>
    expectRefusal('stall.ts', ['--frozen', '0'], /^--frozen takes 1 to 200/));

  for (const args of [
    ['--frozen', '201'],
    ['--frozen', 'many'],
    ['--seconds', '0'],
    ['--seconds', '601'],
  ])
    test(args.join(' '), () =>
      expectRefusal('stall.ts', args, /^--frozen takes 1 to 200, --seconds 1 to 600/),
    );

  test('an option that does not exist', () =>
    expectRefusal('stall.ts', ['--colour'], /^This is not how it is called; npm run demo:stall -- /));
});

test('--help tells how it is called and starts nothing', async () => {
  const { code, out, err } = await run('stall.ts', ['--help']).ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^npm run demo:stall -- /);
});

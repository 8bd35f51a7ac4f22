import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { warmUp } from '../../hub/warm-up.ts';

test('fills the compile cache once, worker threads included, and has nothing to do when it is there', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'signalbox-cache-'));
  const cache = join(parent, 'cache');
  expect(await warmUp(cache)).toMatch(/^Compiled/);
  const filled = readdirSync(cache, { recursive: true }).length;
  expect(filled).toBeGreaterThan(200);
  expect(await warmUp(cache)).toBeUndefined();
  rmSync(parent, { recursive: true });
});

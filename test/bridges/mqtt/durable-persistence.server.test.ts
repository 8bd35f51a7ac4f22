/** aedes' own published suite, in a process of its own because it speaks to Node's test runner. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const suite = join(import.meta.dirname, 'persistence-suite.ts');

describe("aedes' published test suite of the persistence interface", () => {
  for (const variant of ['alive', 'restarted'])
    test(`holds for a persistence that is ${variant}`, () => {
      const { stdout, status } = spawnSync(process.execPath, [suite, variant], { encoding: 'utf8' });
      expect(stdout).toMatch(/^ℹ pass 50$/m);
      expect(stdout).toMatch(/^ℹ fail 0$/m);
      expect(status).toBe(0);
    });
});

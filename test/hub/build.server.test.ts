import { execFileSync } from 'node:child_process';
import { isBuiltin } from 'node:module';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildHub } from '../../hub/build.ts';
import { repositoryRoot } from '../support/hub-process.ts';

// That it runs is shown by every scenario: each starts the hub as `npm start` does, from the build.
const target = join(repositoryRoot, 'hub/dist/of-a-test');
beforeAll(() => buildHub(repositoryRoot, target));
afterAll(() => rmSync(target, { recursive: true }));

const read = (file: string): string => readFileSync(join(target, file), 'utf8');

test('brings every package with it, except those that others look for and do without', () => {
  const asked = globSync('*.js', { cwd: target }).flatMap((file) =>
    [...read(file).matchAll(/^import .*from "([^"]+)";$|__require\("([^"]+)"\)/gm)].map(
      ([, imported, required]) => imported ?? required ?? '',
    ),
  );
  expect(asked.length).toBeGreaterThan(100);
  const missing = new Set(asked.filter((name) => !name.startsWith('./') && !isBuiltin(name)));
  expect([...missing].toSorted()).toEqual(['bufferutil', 'supports-color', 'utf-8-validate']);
});

test('a thread of the store carries nothing that only the hub needs', () => {
  for (const thread of ['writer', 'reader', 'care']) {
    const text = read(`${thread}-thread.js`);
    expect(text).not.toMatch(/node_modules/);
    expect(text.length).toBeLessThan(100_000);
  }
});

test('says what the sources say', () => {
  const said = [join(target, 'main.js'), 'hub/main.ts'].map((file) =>
    execFileSync(process.execPath, [file, '--help'], { cwd: repositoryRoot, encoding: 'utf8' }),
  );
  expect(said[0]).toContain('--data');
  expect(said[0]).toBe(said[1]);
});

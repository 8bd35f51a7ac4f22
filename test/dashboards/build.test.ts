import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isBuildStale } from '../../dashboards/build.ts';

let folder: string;

function write(path: string, ageSeconds: number): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, 'x');
  const at = Date.now() / 1000 - ageSeconds;
  utimesSync(file, at, at);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'build-'));
  write('dashboards/views/group.tsx', 100);
  write('hub/contract/view.ts', 100);
  write('dashboards/dist/index.html', 50);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the build of the dashboards', () => {
  test('is fresh when nothing changed since', () => {
    expect(isBuildStale(folder)).toBe(false);
  });

  test('is stale when there is none', () => {
    rmSync(join(folder, 'dashboards/dist'), { recursive: true });
    expect(isBuildStale(folder)).toBe(true);
  });

  for (const path of [
    'dashboards/views/group.tsx',
    'dashboards/new.ts',
    'hub/contract/view.ts',
    'package-lock.json',
  ]) {
    test(`is stale when ${path} is newer`, () => {
      write(path, 10);
      expect(isBuildStale(folder)).toBe(true);
    });
  }

  test('does not look at what the build itself writes', () => {
    write('dashboards/dist/assets/app.js', 10);
    write('dashboards/node_modules/.vite/x', 10);
    expect(isBuildStale(folder)).toBe(false);
  });
});

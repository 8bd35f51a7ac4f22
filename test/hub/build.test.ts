import { expect, test } from 'vitest';
import { isBuildStale } from '../../hub/build.ts';
import { AgedFiles } from '../support/aged-files.ts';

for (const path of [
  'hub/store/migrations/0001-foundation.sql',
  'bridges/mqtt/a.ts',
  'package.json',
  'package-lock.json',
])
  test(`the hub is built again when ${path} is newer, not before`, () => {
    using files = new AgedFiles();
    files.write('hub/dist/main.js', 50);
    files.write(path, 100);
    expect(isBuildStale(files.folder)).toBe(false);
    files.write(path, 10);
    expect(isBuildStale(files.folder)).toBe(true);
  });

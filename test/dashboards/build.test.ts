import { expect, test } from 'vitest';
import { isBuildStale } from '../../dashboards/build.ts';
import { AgedFiles } from '../support/aged-files.ts';

for (const path of ['dashboards/views/group.tsx', 'hub/contract/view.ts', 'package-lock.json'])
  test(`the pages are built again when ${path} is newer, not before`, () => {
    using files = new AgedFiles();
    files.write('dashboards/dist/index.html', 50);
    files.write(path, 100);
    expect(isBuildStale(files.folder)).toBe(false);
    files.write(path, 10);
    expect(isBuildStale(files.folder)).toBe(true);
  });

test('the pages are built when there are none', () => {
  using files = new AgedFiles();
  expect(isBuildStale(files.folder)).toBe(true);
});

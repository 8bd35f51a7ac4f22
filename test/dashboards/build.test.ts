import { expect, test } from 'vitest';
import { isBuildStale } from '../../dashboards/build.ts';
import { AgedFiles, staleness } from '../support/aged-files.ts';

for (const path of ['dashboards/views/group.tsx', 'hub/contract/view.ts', 'package-lock.json'])
  test(`the pages are built again when ${path} is newer, not before`, () => {
    expect(staleness(isBuildStale, 'dashboards/dist/index.html', path)).toEqual({
      older: false,
      newer: true,
    });
  });

test('the pages are built when there are none', () => {
  using files = new AgedFiles();
  expect(isBuildStale(files.folder)).toBe(true);
});

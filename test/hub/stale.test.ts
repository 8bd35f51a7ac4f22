import { expect, test } from 'vitest';
import { isStale } from '../../hub/stale.ts';
import { AgedFiles } from '../support/aged-files.ts';

function prepared(): AgedFiles & { readonly stale: () => boolean } {
  const files = new AgedFiles();
  files.write('source/deep/a.ts', 100);
  files.write('lock.json', 100);
  files.write('source/dist/main.js', 50);
  const stale = (): boolean => isStale(files.folder, 'source/dist/main.js', ['source', 'lock.json']);
  return Object.assign(files, { stale });
}

test('is fresh when nothing changed since, and stale when there is no build', () => {
  using files = prepared();
  expect(files.stale()).toBe(false);
  files.remove('source/dist');
  expect(files.stale()).toBe(true);
});

for (const path of ['source/deep/a.ts', 'source/new.ts', 'lock.json'])
  test(`is stale when ${path} is newer`, () => {
    using files = prepared();
    files.write(path, 10);
    expect(files.stale()).toBe(true);
  });

test('does not look at what the build itself or others write', () => {
  using files = prepared();
  files.write('source/dist/assets/app.js', 10);
  files.write('source/node_modules/.vite/x', 10);
  expect(files.stale()).toBe(false);
});

test('a source that is not there makes nothing stale', () => {
  using files = prepared();
  files.remove('lock.json');
  expect(files.stale()).toBe(false);
});

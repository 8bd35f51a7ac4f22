import { expect, test } from 'vitest';
import { isBuildStale } from '../../hub/build.ts';
import { staleness } from '../support/aged-files.ts';

for (const path of [
  'hub/store/migrations/0001-foundation.sql',
  'bridges/mqtt/a.ts',
  'package.json',
  'package-lock.json',
])
  test(`the hub is built again when ${path} is newer, not before`, () => {
    expect(staleness(isBuildStale, 'hub/dist/main.js', path)).toEqual({ older: false, newer: true });
  });

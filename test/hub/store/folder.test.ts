import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { takeFolder } from '../../../hub/store/folder.ts';
import { temporaryFolder } from './temporary-file.ts';

describe('The data folder', () => {
  test('is made when it is missing, for its owner only', () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    const { file, unlock } = takeFolder(folder);
    onTestFinished(() => unlock());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('serves one hub at a time', () => {
    const folder = temporaryFolder();
    const first = takeFolder(folder);
    expect(() => takeFolder(folder)).toThrow(
      `Another hub is using the data folder ${folder}: stop it, or choose another folder.`,
    );
    first.unlock();
    takeFolder(folder).unlock();
  });

  test('that cannot be one is told in one sentence', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => takeFolder(file)).toThrow(/^The data folder .*file cannot be written: .+\.$/);
  });
});

import { copyFileSync, truncateSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { walFrames } from '../../../hub/store/wal-frames.ts';
import { reading, temporaryFolder, TemporaryFile } from './temporary-file.ts';

describe('WAL-mode File Format, the WAL file', () => {
  test('a database that was closed has none', () => {
    expect(walFrames(join(temporaryFolder(), 'none.db'))).toBeUndefined();
  });

  test('a log that was begun anew has only the frames since then', async () => {
    const file = new TemporaryFile({ checkpointBytes: 0 });
    await file.append({ readings: [reading(1)] });
    const before = walFrames(file.file)?.frames ?? 0;
    file.tend();
    await file.append({ readings: [reading(2)] });
    const { frames = 0 } = walFrames(file.file) ?? {};
    expect(frames).toBeGreaterThan(0);
    expect(frames).toBeLessThan(before);
  });

  test('a last frame that is not whole is torn', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1)] });
    const { frames = 0 } = walFrames(file.file) ?? {};
    const copy = join(temporaryFolder(), 'copy.db');
    copyFileSync(`${file.file}-wal`, `${copy}-wal`);
    truncateSync(`${copy}-wal`, statSync(`${copy}-wal`).size - 10);
    expect(walFrames(copy)).toEqual({ frames: frames - 1, isTorn: true });
  });
});

import { copyFileSync, cpSync, truncateSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Writer } from '../../../hub/store/writer.ts';
import { upkeepLimits } from '../../../hub/store/upkeep.ts';
import { reading, t0, temporaryFolder, TemporaryFile } from './temporary-file.ts';

/** What a power cut leaves: the files as they lie there, without the hub having said goodbye. */
function cut(file: TemporaryFile): string {
  const copy = join(temporaryFolder(), 'signalbox.db');
  copyFileSync(file.file, copy);
  cpSync(`${file.file}-wal`, `${copy}-wal`);
  return copy;
}

function start(file: string): { readonly found: readonly string[]; readonly head: number } {
  const writer = new Writer({ file, upkeep: upkeepLimits });
  const { found, head } = writer.ready;
  writer.close();
  return { found, head };
}

async function withReadings(): Promise<TemporaryFile> {
  const file = new TemporaryFile();
  for (let commit = 0; commit < 5; commit += 1)
    await file.append({ readings: [reading(commit, { timeUs: t0 + commit })] });
  return file;
}

describe('A start', () => {
  test('after a clean stop finds nothing', async () => {
    const file = await withReadings();
    file.reopen();
    expect(file.writer.ready.found).toEqual([]);
  });

  test('after a kill says what was in the log, once', async () => {
    const copy = cut(await withReadings());
    const { found, head } = start(copy);
    expect(found).toEqual([
      expect.stringMatching(
        /^The hub had not been stopped cleanly: \d+ pages of finished commits were in its log\.$/,
      ),
    ]);
    expect(head).toBe(5);
    expect(start(copy).found).toEqual([]);
  });

  for (const [tail, torn] of [
    ['in the middle of a page', 1000],
    ['in the header of a page', 4110],
  ] as const)
    test(`after a log that ends ${tail} drops that commit alone, and says so`, async () => {
      const copy = cut(await withReadings());
      truncateSync(`${copy}-wal`, statSync(`${copy}-wal`).size - torn);
      const { found, head } = start(copy);
      expect(head).toBe(4);
      expect(found[0]).toMatch(/not been stopped cleanly/);
      if (tail === 'in the middle of a page')
        expect(found[1]).toMatch(/of a commit that was never finished were dropped; none was acknowledged/);
    });
});

import { describe, expect, test } from 'vitest';
import { openForWriting } from '../../../hub/store/database.ts';
import { repairTiers } from '../../../hub/store/tier-check.ts';
import { reading, t0, TemporaryFile } from './temporary-file.ts';

/** A file that ended in the middle of a merge of two series. */
async function endedInAMerge(): Promise<TemporaryFile> {
  const file = new TemporaryFile({ mergeRows: 1 });
  const readings = ['power', 'voltage'].flatMap((metric) =>
    Array.from({ length: 1500 }, (_, second) =>
      reading(second + 0.1, { metric, timeUs: t0 + second * 1_000_000 }),
    ),
  );
  await file.append({ readings });
  while (file.writer.tend().more) {
    const { points } = counts(file);
    if (points > 0 && points < 3000) break;
  }
  expect(counts(file).points).toBeGreaterThan(0);
  file.close();
  return file;
}

function counts(file: TemporaryFile): { readonly points: number } {
  const database = openForWriting(file.file);
  const found = database.prepare('SELECT count(*) AS points FROM raw').get() as { points: number };
  database.close();
  return found;
}

describe('In the middle of a merge', () => {
  test('tiers that fit their readings are left alone', async () => {
    const file = await endedInAMerge();
    const database = openForWriting(file.file);
    expect(repairTiers(database)).toBe(0);
    database.close();
  });

  test('buckets that are wrong, missing or of nothing are made anew', async () => {
    const file = await endedInAMerge();
    const database = openForWriting(file.file);
    const before = database.prepare('SELECT * FROM tiers ORDER BY width, series, time').all();
    const [first, second] = before;
    const change = 'width = ? AND series = ? AND time = ?';
    const key = (row: typeof first): number[] => [row?.['width'], row?.['series'], row?.['time']].map(Number);
    database.prepare(`UPDATE tiers SET max = max + 1 WHERE ${change}`).run(...key(first));
    database.prepare(`DELETE FROM tiers WHERE ${change}`).run(...key(second));
    database.exec(`INSERT INTO tiers SELECT width, series, time + 50 * width, count, min, max, sum, last_time, last_value,
      last_text, last_flags, readings FROM tiers WHERE width = 60000000 LIMIT 1`);
    expect(repairTiers(database)).toBe(3);
    expect(database.prepare('SELECT * FROM tiers ORDER BY width, series, time').all()).toEqual(before);
    database.close();
  });
});

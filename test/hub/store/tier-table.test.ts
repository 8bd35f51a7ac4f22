import { expect, test } from 'vitest';
import { openForWriting } from '../../../hub/store/database.ts';
import { flagsOf } from '../../../hub/store/rows.ts';
import { TierTable } from '../../../hub/store/tier-table.ts';
import { emptyFold, fold, tierWidthUs } from '../../../hub/store/tiers.ts';
import { temporaryFolder } from './temporary-file.ts';

test('a bucket is added to what its row knows, also when one of the two has no numbers', () => {
  const database = openForWriting(`${temporaryFolder()}/signalbox.db`);
  const table = new TierTable(database);
  const number = flagsOf({ value: 1, quality: 'good', stampedBy: 'device' });
  const text = flagsOf({ value: 'x', quality: 'good', stampedBy: 'device' });
  const parts = [
    { time: 5, value: null, text: 'on', flags: text },
    { time: 9, value: 3, text: null, flags: number },
    { time: 7, value: -1, text: null, flags: number },
  ];
  for (const { time, ...cells } of parts) {
    const bucket = emptyFold(1, 0);
    fold(bucket, time, cells);
    table.add(tierWidthUs.minute, bucket);
  }
  expect(database.prepare('SELECT * FROM tiers').all()).toMatchObject([
    { count: 2, readings: 3, min: -1, max: 3, sum: 2, last_time: 9, last_value: 3, last_text: null },
  ]);
  database.close();
});

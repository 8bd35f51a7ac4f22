import { expect, test } from 'vitest';
import { Buckets } from '../../../hub/store/buckets.ts';
import { openForWriting } from '../../../hub/store/database.ts';
import { FineReader } from '../../../hub/store/fine-reader.ts';
import { blockId, blockUs, packSlots } from '../../../hub/store/fine-slots.ts';
import { flagsOf } from '../../../hub/store/rows.ts';
import { temporaryFolder } from './temporary-file.ts';

const flags = flagsOf({ value: 1, quality: 'good', stampedBy: 'device' });

test('what it has is folded, what it has not is said in order; only whole blocks count', () => {
  const database = openForWriting(`${temporaryFolder()}/signalbox.db`);
  const slots = packSlots([{ time: 5, value: 4, text: null, flags }]) ?? new Uint8Array();
  for (const block of [2, 3, 5, 7])
    database.prepare('INSERT INTO fine VALUES (?, ?)').run(blockId(9, block) ?? 0, slots);
  const fine = new FineReader(database);
  const buckets = new Buckets(9, blockUs);
  expect(fine.fold(9, { start: 1.5 * blockUs, end: 7.5 * blockUs }, buckets)).toEqual([
    { start: 1.5 * blockUs, end: 2 * blockUs },
    { start: 4 * blockUs, end: 5 * blockUs },
    { start: 6 * blockUs, end: 7.5 * blockUs },
  ]);
  expect(buckets.inOrder().map(({ time, sum }) => [time / blockUs, sum])).toEqual([
    [2, 4],
    [3, 4],
    [5, 4],
  ]);
  expect([10_000_000, 30_000_000, 15_000_000, 1_000_000].map((width) => fine.serves(width))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  database.exec('DELETE FROM fine');
  expect(fine.fold(9, { start: 0, end: 5 }, buckets)).toEqual([{ start: 0, end: 5 }]);
  database.close();
});

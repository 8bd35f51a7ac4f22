import { expect, onTestFinished, test } from 'vitest';
import { HistoryReaders } from '../../../hub/store/history-readers.ts';
import type { HistoryResult } from '../../../hub/store/history-reader.ts';
import { unpackAnswer } from '../../../hub/store/packed.ts';
import { answered, reading, t0, TemporaryFile } from './temporary-file.ts';

const query = { devices: ['meter'], start: t0 / 1000 - 1, end: t0 / 1000 + 60_000, window: 1000 };

function bucketsOf(answer: HistoryResult): number {
  return 'series' in answer ? (unpackAnswer(answer).series[0]?.buckets?.length ?? 0) : 0;
}

test('A question sees the instant it began at, one that is asked meanwhile sees what came since', async () => {
  const file = new TemporaryFile();
  const [first, second] = [reading(1), reading(2, { timeUs: t0 + 5_000_000 })];
  await file.append({ readings: [first] });
  const readers = new HistoryReaders(file.file);
  onTestFinished(() => readers.close());
  const long = readers.answer('home', query);
  expect(long.next().done).toBe(false);
  await file.append({ readings: [second] });
  file.mergeAll();
  const meanwhile = answered(readers.answer('home', query));
  const before = answered(long);
  expect([meanwhile, before]).toMatchObject([{ offset: 2 }, { offset: 1 }]);
  expect([bucketsOf(meanwhile), bucketsOf(before)]).toEqual([2, 1]);
});

test('A question that is let go of in the middle leaves its connection to the next', async () => {
  const file = new TemporaryFile();
  await file.append({ readings: [reading(1)] });
  const readers = new HistoryReaders(file.file);
  onTestFinished(() => readers.close());
  const long = readers.answer('home', query);
  long.next();
  long.return({ tooManyBuckets: true });
  await file.append({ readings: [reading(2, { timeUs: t0 + 5_000_000 })] });
  expect(answered(readers.answer('home', query))).toMatchObject({ offset: 2 });
});

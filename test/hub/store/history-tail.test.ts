import { describe, expect, test } from 'vitest';
import { openForReading, openForWriting } from '../../../hub/store/database.ts';
import { HistoryTail } from '../../../hub/store/history-tail.ts';
import { FineTier } from '../../../hub/store/fine.ts';
import { Merge } from '../../../hub/store/merge.ts';
import { reading, t0, TemporaryFile } from './temporary-file.ts';

const everything = { start: 0, end: Number.MAX_SAFE_INTEGER };
const voltage = { metric: 'voltage' };

/** What the tail tells of the first two series: their values with offsets. */
function tailOf(file: TemporaryFile, range = everything): Record<number, [offset: number, value: unknown][]> {
  const database = openForReading(file.file);
  try {
    const rows = new HistoryTail(database).rows([1, 2], range);
    return Object.fromEntries(
      [...rows].map(([id, list]) => [id, list.map(({ offset, value, text }) => [offset, value ?? text])]),
    );
  } finally {
    database.close();
  }
}

/** Merges what fits into so many slices of one row, and is gone then. */
function mergeRows(file: TemporaryFile, head: number, rows: number): void {
  const database = openForWriting(file.file);
  const merge = new Merge(database, new FineTier(database));
  for (let step = 0; step <= rows; step += 1) merge.step(head, 1);
  database.close();
}

describe('What is not merged yet', () => {
  test('comes by series, sorted by time and then by arrival', async () => {
    const file = new TemporaryFile();
    const later = { timeUs: t0 + 5 };
    await file.append({
      readings: [reading(1, later), reading(2, voltage), reading(3), reading(4, later), reading(5, voltage)],
    });
    expect(tailOf(file)).toEqual({
      1: [
        [3, 3],
        [1, 1],
        [4, 4],
      ],
      2: [
        [2, 2],
        [5, 5],
      ],
    });
  });

  test('is nothing after the merge', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1), reading(2, voltage)] });
    file.mergeAll();
    expect(tailOf(file)).toEqual({});
  });

  test('is in the middle of a merge what it has not reached, and what came since', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1), reading(2, { timeUs: t0 + 1 }), reading(3, voltage)] });
    mergeRows(file, 3, 1);
    await file.append({ readings: [reading(4, { timeUs: t0 - 1 })] });
    expect(tailOf(file)).toEqual({
      1: [
        [4, 4],
        [2, 2],
      ],
      2: [[3, 3]],
    });
  });

  test('lies in the range, whose end is not included', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [0, 1, 2, 3].map((us) => reading(us, { timeUs: t0 + us })) });
    expect(tailOf(file, { start: t0 + 1, end: t0 + 3 })).toEqual({
      1: [
        [2, 1],
        [3, 2],
      ],
    });
  });

  test('is only of the series that were asked for', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1), reading(2, voltage), reading(3, { metric: 'current' })] });
    expect(Object.keys(tailOf(file))).toEqual(['1', '2']);
  });
});

describe('Without repeats', () => {
  test('of what is merged', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1), reading('on', voltage)] });
    file.mergeAll();
    await file.append({
      readings: [reading(1), reading(2), reading('on', voltage), reading('off', voltage)],
    });
    expect(tailOf(file)).toEqual({ 1: [[4, 2]], 2: [[6, 'off']] });
  });

  test('within itself, also when another value of the instant came between', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1), reading(2), reading(1), reading(1, { timeUs: t0 + 1 })] });
    expect(tailOf(file)).toEqual({
      1: [
        [1, 1],
        [2, 2],
        [4, 1],
      ],
    });
  });

  test('also of many values of one instant, merged and not', async () => {
    const file = new TemporaryFile();
    const readings = Array.from({ length: 10_000 }, (_, index) => reading(index));
    await file.append({ readings: readings.slice(0, 5000) });
    file.mergeAll();
    await file.append({ readings });
    expect(tailOf(file)[1]).toEqual(readings.slice(5000).map(({ value }) => [Number(value) + 5001, value]));
  });
});

/** The shortcut must never say anything but what the readings say: late, doubled, mixed and undone ones included. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { FineTier } from '../../../hub/store/fine.ts';
import { reading, t0, TemporaryFile } from './temporary-file.ts';

const second = 1_000_000;
const minutes = 60 * second;
const wallMs = t0 / 1000 + 3_600_000;

function every(stepSeconds: number, count: number, fields: Parameters<typeof reading>[1] = {}) {
  return Array.from({ length: count }, (_, index) =>
    reading(index, { timeUs: t0 + index * stepSeconds * second, ...fields }),
  );
}

function fineRows(file: TemporaryFile): number {
  const database = new DatabaseSync(file.file, { readOnly: true });
  const found = database.prepare('SELECT count(*) AS n FROM fine').get();
  database.close();
  return Number(found?.['n']);
}

async function opened(...readings: readonly ReturnType<typeof reading>[]): Promise<TemporaryFile> {
  const file = new TemporaryFile();
  file.writer.tick(0, wallMs);
  await file.append({ readings });
  file.mergeAll();
  return file;
}

/** As buckets of ten seconds, and from the readings themselves. */
function both(file: TemporaryFile, aggregates?: ['first', 'sum']) {
  const query = { devices: ['meter'], start: t0 / 1000 + 7000, end: t0 / 1000 + 1_805_000 };
  const shown = (window: number) =>
    (file.read.history('home', { ...query, window, ...(aggregates && { aggregates }) }) as HistoryAnswer)
      .series;
  const database = new DatabaseSync(file.file);
  const quick = shown(10_000);
  const kept = database.prepare('SELECT * FROM fine').all();
  database.exec('DELETE FROM fine');
  const slow = shown(10_000);
  for (const { id, slots } of kept)
    database.prepare('INSERT INTO fine VALUES (?, ?)').run(Number(id), slots as Uint8Array);
  database.close();
  return { quick, slow };
}

describe('The fine tier', () => {
  test('is made in pieces of so many readings, however many are in a block', () => {
    const file = new TemporaryFile();
    const database = new DatabaseSync(file.file);
    const tier = new FineTier(database);
    const add = database.prepare('INSERT INTO raw VALUES (?, ?, 0, 1, NULL, 0)');
    database.exec('BEGIN');
    for (const [series, readings] of [3000, 3000, 2000, 9000, 120, 120].entries())
      for (let index = 0; index <= readings; index += 1) {
        const time = t0 + Math.floor((index * 5 * minutes) / readings);
        add.run(series, time);
        tier.added(series, time);
      }
    database.exec('COMMIT');
    tier.tick(wallMs);
    const made: number[] = [];
    for (let more = true; more; made.push(fineRows(file))) more = tier.step();
    database.close();
    expect(made).toEqual([1, 3, 4, 6]);
  });

  test('is made of five minutes that are over, for dense series of numbers', async () => {
    const file = await opened(
      ...every(1, 1500),
      ...every(10, 150, { metric: 'slow' }),
      ...every(1, 1500, { metric: 'state', value: 'on' }),
    );
    expect(fineRows(file)).toBe(4);
    const { quick, slow } = both(file);
    expect(quick).toEqual(slow);
    expect(both(file, ['first', 'sum']).quick).toEqual(both(file, ['first', 'sum']).slow);
  });

  test('gives way to a late reading, a text, and a second value of one instant', async () => {
    const file = await opened(...every(1, 1500));
    expect(fineRows(file)).toBe(4);
    const late = [
      reading(1e6, { timeUs: t0 + 30 * second + 5 }),
      reading('off', { timeUs: t0 + 6 * minutes + 1 }),
    ];
    await file.append({ readings: [...late, reading(-5, { timeUs: t0 + 12 * minutes })] });
    file.mergeAll();
    expect(fineRows(file)).toBe(1);
    const { quick, slow } = both(file);
    expect(quick).toEqual(slow);
    const maxima = quick[0]?.buckets?.map(([, , max]) => Number(max)) ?? [];
    expect(Math.max(...maxima)).toBe(1e6);
  });

  test('gives way also to what comes late after a restart', async () => {
    const file = await opened(...every(1, 1500));
    file.reopen();
    file.writer.tick(0, wallMs);
    await file.append({ readings: [reading(1e6, { timeUs: t0 + 30 * second + 5 })] });
    file.mergeAll();
    expect(fineRows(file)).toBe(3);
    const { quick, slow } = both(file);
    expect(quick).toEqual(slow);
  });

  test('has the last minutes too of a series that fell silent, until it speaks again', async () => {
    const file = await opened(...every(1, 1500));
    expect(fineRows(file)).toBe(4);
    file.writer.tick(1000, wallMs + 300_000);
    file.tend();
    expect(fineRows(file)).toBe(5);
    await file.append({ readings: [reading(1e6, { timeUs: t0 + 1450 * second + 5 })] });
    file.mergeAll();
    expect(fineRows(file)).toBe(4);
    const { quick, slow } = both(file);
    expect(quick).toEqual(slow);
  });

  test('is of the last three hours only', async () => {
    const file = await opened(...every(1, 1500));
    file.writer.tick(1000, wallMs + 3 * 3_600_000);
    file.tend();
    expect(fineRows(file)).toBe(0);
    await file.append({ readings: every(1, 700, { metric: 'imported' }) });
    file.mergeAll();
    expect(fineRows(file)).toBe(0);
  });
});

import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { migrate, readMigrations } from '../../../hub/store/database.ts';
import { HistoryWriter } from '../../../hub/store/history-writer.ts';
import type { HotRow } from '../../../hub/store/hot-row.ts';
import { flagsOf, numberCell } from '../../../hub/store/rows.ts';
import { tierWidthUs } from '../../../hub/store/tiers.ts';
import { reading, t0 } from './temporary-file.ts';

const secondUs = 1_000_000;
const hourUs = 3600 * secondUs;
let database: DatabaseSync;
let history: HistoryWriter;
let offset: number;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  migrate(database, readMigrations(new URL('../../../hub/store/migrations/', import.meta.url)));
  history = new HistoryWriter(database, { added() {} });
  offset = 0;
});

/** The next row of the hot table, `atUs` after the start. */
function row(value: number | boolean | string, atUs = 0, series = 1): HotRow {
  const text = typeof value === 'string' ? value : null;
  const flags = flagsOf(reading(value));
  const cell = typeof value === 'string' ? null : numberCell(value);
  return { offset: (offset += 1), series, time: t0 + atUs, value: cell, text, flags };
}

function tier(width: keyof typeof tierWidthUs, series = 1): unknown[] {
  return database
    .prepare(
      'SELECT time - ? AS at, count, min, max, sum, last_value AS last, last_text AS text FROM tiers WHERE width = ? AND series = ? ORDER BY time',
    )
    .all(t0, tierWidthUs[width], series)
    .map((bucket) => ({ ...bucket }));
}

function raw(): unknown[] {
  const rows = database
    .prepare('SELECT time - ? AS at, sub, value FROM raw ORDER BY series, time, sub')
    .all(t0);
  return rows.map(({ at, sub, value }) => [at, sub, value]);
}

function latest(): unknown[] {
  const rows = database.prepare('SELECT offset, value, text FROM latest ORDER BY series').all();
  return rows.map(({ offset: at, value, text }) => [at, value ?? text]);
}

describe('Readings of the history', () => {
  test('go into their minute and their hour', () => {
    history.add([row(1), row(5, 59 * secondUs), row(3, 60 * secondUs), row(8, hourUs)]);
    expect(tier('minute')).toEqual([
      { at: 0, count: 2, min: 1, max: 5, sum: 6, last: 5, text: null },
      { at: 60 * secondUs, count: 1, min: 3, max: 3, sum: 3, last: 3, text: null },
      { at: hourUs, count: 1, min: 8, max: 8, sum: 8, last: 8, text: null },
    ]);
    expect(tier('hour')).toEqual([
      { at: 0, count: 3, min: 1, max: 5, sum: 9, last: 3, text: null },
      { at: hourUs, count: 1, min: 8, max: 8, sum: 8, last: 8, text: null },
    ]);
  });

  test('that come late join what is there, and the last value stays the last by time', () => {
    history.add([row(1), row(5, 40 * secondUs)]);
    history.add([row(-9, 30 * secondUs)]);
    const joined = { at: 0, count: 3, min: -9, max: 5, sum: -3, last: 5, text: null };
    expect([tier('minute'), tier('hour')]).toEqual([[joined], [joined]]);
  });

  test('that are there already change nothing, in no tier', () => {
    history.add([row(1), row(2, secondUs)]);
    const before = [raw(), tier('minute'), tier('hour')];
    history.add([row(1), row(2, secondUs), row(2, secondUs)]);
    expect([raw(), tier('minute'), tier('hour')]).toEqual(before);
  });

  test('of one instant with different values are all kept, and known again', () => {
    for (let time = 0; time < 2; time += 1) history.add([row(1), row(2), row(3)]);
    expect(raw()).toEqual([
      [0, 0, 1],
      [0, 1, 2],
      [0, 2, 3],
    ]);
    expect(tier('minute')).toMatchObject([{ count: 3, sum: 6, last: 3 }]);
  });

  test('that come by the dozen are what they are one by one, wherever some are there already', () => {
    const values = Array.from({ length: 100 }, (_, at) => (at % 7 === 0 ? 'text' : at / 4));
    const rows = values.map((value, at) => row(value, at * secondUs));
    const all = [...rows.slice(0, 60), row(-1, 59 * secondUs), ...rows.slice(60), ...rows.slice(99)];
    history.add(rows.slice(30, 35));
    history.add(all);
    const together = { raw: raw(), minutes: tier('minute'), hours: tier('hour'), latest: latest() };
    database.exec('DELETE FROM raw; DELETE FROM tiers; DELETE FROM latest');
    for (const each of [...rows.slice(30, 35), ...all]) history.add([each]);
    expect({ raw: raw(), minutes: tier('minute'), hours: tier('hour'), latest: latest() }).toEqual(together);
    expect(raw()).toHaveLength(101);
  });

  test('that a transaction undid are not taken for present', () => {
    history.add([row(1)]);
    database.exec('BEGIN');
    history.add([row(2)]);
    database.exec('ROLLBACK');
    history.add([row(2)]);
    expect(raw()).toHaveLength(2);
  });

  test('of one instant may be many: each costs no more for those that are there', () => {
    for (let slice = 0; slice < 10; slice += 1)
      history.add(Array.from({ length: 1000 }, (_, index) => row(slice * 1000 + index)));
    expect(tier('minute')).toMatchObject([{ count: 10_000, max: 9999, last: 9999 }]);
  });

  test('true and 1 of one instant are two', () => {
    history.add([row(1), row(true)]);
    expect(raw()).toHaveLength(2);
  });

  test('of several series stay apart, although they share the bucket', () => {
    history.add([row(1, 0, 1), row(2, 0, 2), row(4, secondUs, 2)]);
    expect([tier('hour', 1), tier('hour', 2)]).toMatchObject([
      [{ count: 1, sum: 1 }],
      [{ count: 2, sum: 6 }],
    ]);
  });
});

describe('A bucket without numbers', () => {
  test('has a last text and neither extremes nor sum', () => {
    history.add([row('off'), row('on', secondUs)]);
    expect(tier('minute')).toEqual([
      { at: 0, count: 0, min: null, max: null, sum: null, last: null, text: 'on' },
    ]);
  });

  test('takes the extremes of the first number that comes, and keeps them when texts follow', () => {
    history.add([row('off')]);
    history.add([row(7, secondUs)]);
    history.add([row('on', 2 * secondUs)]);
    expect(tier('minute')).toEqual([{ at: 0, count: 1, min: 7, max: 7, sum: 7, last: null, text: 'on' }]);
  });
});

describe('The newest value of a series', () => {
  test('is the newest by time, whatever came last', () => {
    history.add([row('new', 10)]);
    history.add([row('late')]);
    expect(latest()).toEqual([[1, 'new']]);
  });

  test('is of one instant the one that came last', () => {
    history.add([row(1)]);
    history.add([row(2)]);
    expect(latest()).toEqual([[2, 2]]);
  });

  test('is known for each series of a batch', () => {
    history.add([row(1, 0, 1), row(2, 5, 1), row(3, 0, 2)]);
    expect(latest()).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });
});

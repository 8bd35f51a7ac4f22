import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { prepareMany, rowsTogether } from '../../../hub/store/many-rows.ts';

const cells = (from: number): (number | string)[] =>
  Array.from({ length: rowsTogether }, (_, row) => [from + row, `b${from + row}`]).flat();

test('many rows are inserted by one statement, or none of them', () => {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)');
  const insert = prepareMany(database, 't', 2);
  const rows = (): unknown => database.prepare('SELECT count(*) AS count, max(b) AS last FROM t').get();
  expect(insert.run(...cells(10)).changes).toBe(rowsTogether);
  expect(() => insert.run(...cells(0))).toThrow('UNIQUE');
  expect(rows()).toEqual({ count: rowsTogether, last: `b${9 + rowsTogether}` });
});

import { expect, test } from 'vitest';
import { NumberTable } from '../../../hub/devices/number-table.ts';

test('each row keeps its numbers, over many blocks', () => {
  const table = new NumberTable(Float64Array, 3);
  const rows = Array.from({ length: 3000 }, () => table.add());
  for (const row of rows) table.set(row, 1, row + 0.5);
  expect(rows).toEqual(Array.from({ length: 3000 }, (_, index) => index));
  expect(rows.every((row) => table.get(row, 1) === row + 0.5 && table.get(row, 2) === 0)).toBe(true);
});

test('a row that is not there has no numbers', () => {
  const table = new NumberTable(Int16Array, 2);
  expect(table.get(0, 0)).toBeNaN();
});

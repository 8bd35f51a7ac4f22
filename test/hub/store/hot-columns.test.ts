import { expect, test } from 'vitest';
import { HotColumns } from '../../../hub/store/hot-columns.ts';
import type { HotRow } from '../../../hub/store/hot-row.ts';

test('each row comes back as it went in, however many there are', () => {
  const rows: readonly HotRow[] = Array.from({ length: 3000 }, (_, index) => ({
    offset: index + 1,
    series: index % 7,
    time: 1_780_000_000_000_000 + index,
    value: index % 3 === 0 ? index / 8 : null,
    text: index % 3 === 1 ? `text ${index}` : null,
    flags: index % 64,
  }));
  const columns = new HotColumns();
  const indices = rows.map((row) => columns.add(row));
  expect(indices.map((index) => columns.row(index))).toEqual(rows);
  expect(columns.timeAt(5)).toBe(1_780_000_000_000_005);
});

test('what was let go is gone at once', () => {
  const columns = new HotColumns();
  columns.add({ offset: 1, series: 1, time: 1_780_000_000_000_000, value: 1, text: 'one', flags: 0 });
  columns.letGo();
  expect(columns.row(0)).toMatchObject({ offset: Number.NaN, value: null, text: null });
});

import { expect, test } from 'vitest';
import { pages, rowsPerPage } from '../../../hub/store/pages.ts';

async function lengths(count: number): Promise<number[]> {
  const rows = Array.from({ length: count }, (_, index) => index);
  const read = async (after: number | undefined, limit: number): Promise<number[]> =>
    rows.slice(after === undefined ? 0 : after + 1).slice(0, limit);
  const found = await Array.fromAsync(pages(read));
  expect(found.flat()).toEqual(rows);
  return found.map(({ length }) => length);
}

test('every row comes once, in order, however many there are', async () => {
  expect(await lengths(0)).toEqual([]);
  expect(await lengths(rowsPerPage)).toEqual([rowsPerPage]);
  expect(await lengths(2 * rowsPerPage + 1)).toEqual([rowsPerPage, rowsPerPage, 1]);
});

/** Tables that are read at the start, page by page: as a whole they would take memory that nothing needs later. */
export const rowsPerPage = 2000;

/** @param read the rows after one, in order, at most `limit` of them */
export async function* pages<Row>(
  read: (after: Row | undefined, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let after: Row | undefined;
  for (;;) {
    const rows = await read(after, rowsPerPage);
    if (rows.length > 0) yield rows;
    if (rows.length < rowsPerPage) return;
    after = rows.at(-1);
  }
}

/** The oldest rows of many series together, without reading much more than these. Pure. */

const firstRows = 16;

/** One series, read in the order of time: each call goes on where the one before ended. */
export interface RowSource<Row extends { readonly time: number }> {
  /** @returns fewer than `most` only at the end */
  next(most: number): readonly Row[];
}

/**
 * @returns of each series its oldest rows: all of those that are among the `limit` oldest of all, and some more. Each
 * series is read on, twice as far each time, only while it may still have one of them.
 */
export function oldestRows<Row extends { readonly time: number }>(
  sources: readonly RowSource<Row>[],
  limit: number,
): readonly (readonly Row[])[] {
  const all = sources.map((): Row[] => []);
  let open = sources.map((source, index) => ({ source, rows: all[index] ?? [] }));
  while (open.length > 0) {
    open = open.filter(({ source, rows }) => {
      const most = Math.max(firstRows, rows.length);
      const more = source.next(most);
      for (const row of more) rows.push(row);
      return more.length === most;
    });
    const last = lastTime(all, limit);
    open = open.filter(({ rows }) => (rows.at(-1)?.time ?? 0) <= last);
  }
  return all;
}

/** Of the `limit` oldest rows. Infinite while there are fewer. */
function lastTime(all: readonly (readonly { readonly time: number }[])[], limit: number): number {
  const times = all.flatMap((rows) => rows.map(({ time }) => time));
  if (times.length < limit) return Number.POSITIVE_INFINITY;
  return Float64Array.from(times).toSorted()[limit - 1] ?? 0;
}

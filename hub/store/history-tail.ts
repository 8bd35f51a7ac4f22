/**
 * The end of the history that is not merged yet: hot rows above the merge's place, without those that the merge will
 * find to be repeats. Together with the clustered tables it shows every reading exactly once, also in the middle of
 * a merge: call it in the same transaction as the query.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { readCells, type HotRow } from './hot-row.ts';
import { valueKey, type Cells } from './rows.ts';

export class HistoryTail {
  readonly #rows: StatementSync;
  readonly #newestMerged: StatementSync;
  readonly #sameInstant: StatementSync;
  readonly #head: StatementSync;

  constructor(database: DatabaseSync) {
    this.#rows = database.prepare(`
      SELECT hot.offset, hot.series, hot.time, hot.value, hot.text, hot.flags FROM hot, merge
      WHERE hot.offset > merge.merged
        AND hot.series >= :least AND hot.series <= :most
        AND hot.series IN (SELECT value FROM json_each(:series)) AND hot.time >= :start AND hot.time < :end
        AND (hot.offset > merge.target
          OR (hot.series, hot.time, hot.offset) > (merge.series, merge.time, merge.offset))
      ORDER BY hot.series, hot.time, hot.offset`);
    this.#rows.setReturnArrays(true);
    this.#newestMerged = database.prepare('SELECT max(time) AS time FROM raw WHERE series = ?');
    this.#sameInstant = database.prepare('SELECT value, text, flags FROM raw WHERE series = ? AND time = ?');
    this.#head = database.prepare(
      'SELECT max(merged, ifnull((SELECT max(offset) FROM hot), 0)) AS offset FROM merge',
    );
  }

  /** The offset of the newest reading there is. */
  head(): number {
    return Number(this.#head.get()?.['offset'] ?? 0);
  }

  /** By series, each sorted by time and then offset. @param range µs, the end not included */
  rows(
    series: readonly number[],
    range: { readonly start: number; readonly end: number },
  ): ReadonlyMap<number, readonly HotRow[]> {
    const bySeries = new Map<number, HotRow[]>();
    // Whoever is not wanted is mostly told by the number alone, which is compared more quickly than looked up.
    const bounds = { least: Math.min(...series), most: Math.max(...series) };
    const found = this.#rows.all({ series: JSON.stringify(series), ...bounds, ...range });
    for (const cells of found as unknown as readonly unknown[][]) {
      const row = readCells(cells);
      const rows = bySeries.get(row.series);
      if (rows === undefined) bySeries.set(row.series, [row]);
      else rows.push(row);
    }
    for (const [id, rows] of bySeries) bySeries.set(id, this.#withoutRepeats(id, rows));
    return bySeries;
  }

  #withoutRepeats(series: number, rows: readonly HotRow[]): HotRow[] {
    const newest = Number(this.#newestMerged.get(series)?.['time'] ?? Number.NEGATIVE_INFINITY);
    const kept: HotRow[] = [];
    /** What was seen at the instant of the row: they are sorted by time. */
    const seen = new Set<string>();
    let instant = Number.NaN;
    for (const [index, row] of rows.entries()) {
      // Most readings are alone at their instant, and newer than all that is merged: nothing to compare.
      if (row.time > newest && row.time !== instant && row.time !== rows[index + 1]?.time) {
        kept.push(row);
        continue;
      }
      if (row.time !== instant) {
        instant = row.time;
        seen.clear();
        if (instant <= newest) for (const cells of this.#mergedAt(series, instant)) seen.add(valueKey(cells));
      }
      const before = seen.size;
      if (seen.add(valueKey(row)).size > before) kept.push(row);
    }
    return kept;
  }

  #mergedAt(series: number, time: number): readonly Cells[] {
    return this.#sameInstant.all(series, time) as unknown as readonly Cells[];
  }
}

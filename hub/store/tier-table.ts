/** The table `tiers`: buckets are added to what is there, inside the caller's transaction. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Fold } from './tiers.ts';

export class TierTable {
  readonly #upsert: StatementSync;

  constructor(database: DatabaseSync) {
    // `ifnull` on both sides: SQLite's two-argument min and max are NULL when either is.
    this.#upsert = database.prepare(`
      INSERT INTO tiers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (width, series, time) DO UPDATE SET
        count = count + excluded.count,
        readings = readings + excluded.readings,
        min = min(ifnull(min, excluded.min), ifnull(excluded.min, min)),
        max = max(ifnull(max, excluded.max), ifnull(excluded.max, max)),
        sum = ifnull(sum + excluded.sum, ifnull(sum, excluded.sum)),
        last_value = iif(excluded.last_time >= last_time, excluded.last_value, last_value),
        last_text = iif(excluded.last_time >= last_time, excluded.last_text, last_text),
        last_flags = iif(excluded.last_time >= last_time, excluded.last_flags, last_flags),
        last_time = max(last_time, excluded.last_time)`);
  }

  add(widthUs: number, bucket: Fold): void {
    const { series, time, count, min, max, sum, readings, lastTime, last } = bucket;
    const numbers = count > 0 ? [min, max, sum] : [null, null, null];
    const { value, text, flags } = last;
    this.#upsert.run(widthUs, series, time, count, ...numbers, lastTime, value, text, flags, readings);
  }
}

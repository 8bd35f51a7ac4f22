/**
 * Compares the tiers with their readings where a merge was under way when the hub ended, and makes anew what does not
 * fit. A merge writes both in one transaction, so that nothing should ever be found; a disk that lies is why we look.
 */
import type { DatabaseSync } from 'node:sqlite';
import { transact } from './database.ts';
import { TierTable } from './tier-table.ts';
import { emptyFold, fold, tiers, tierWidthUs, type Fold } from './tiers.ts';

type Row = Readonly<Record<string, unknown>>;

/** @returns how many buckets were wrong */
export function repairTiers(database: DatabaseSync): number {
  const hours = database
    .prepare(
      `SELECT DISTINCT hot.series, hot.time - hot.time % ${tierWidthUs.hour} AS hour FROM hot, merge
       WHERE merge.target > merge.merged AND hot.offset > merge.merged AND hot.offset <= merge.target`,
    )
    .all();
  if (hours.length === 0) return 0;
  const check = new TierCheck(database);
  return hours.reduce((wrong, { series, hour }) => wrong + check.hour(Number(series), Number(hour)), 0);
}

class TierCheck {
  readonly #database: DatabaseSync;
  readonly #table: TierTable;
  readonly #raw;
  readonly #tier;
  readonly #delete;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#table = new TierTable(database);
    this.#raw = database.prepare(
      'SELECT time, value, text, flags FROM raw WHERE series = ? AND time >= ? AND time < ? ORDER BY time, sub',
    );
    this.#tier = database.prepare(
      'SELECT * FROM tiers WHERE width = ? AND series = ? AND time >= ? AND time < ?',
    );
    this.#delete = database.prepare('DELETE FROM tiers WHERE width = ? AND series = ? AND time = ?');
  }

  hour(series: number, start: number): number {
    const end = start + tierWidthUs.hour;
    const rows = this.#raw.all(series, start, end) as unknown as readonly (Fold['last'] & { time: number })[];
    let wrong = 0;
    for (const tier of tiers) {
      const width = tierWidthUs[tier];
      const right = new Map<number, Fold>();
      for (const row of rows) {
        const bucket = Math.floor(row.time / width) * width;
        let folded = right.get(bucket);
        if (folded === undefined) right.set(bucket, (folded = emptyFold(series, bucket)));
        fold(folded, row.time, row);
      }
      const present = new Map(
        this.#tier.all(width, series, start, end).map((row) => [Number(row['time']), row]),
      );
      for (const time of new Set([...right.keys(), ...present.keys()]))
        if (!fits(right.get(time), present.get(time))) {
          this.#replace(width, { series, time, right: right.get(time) });
          wrong += 1;
        }
    }
    return wrong;
  }

  #replace(
    width: number,
    {
      series,
      time,
      right,
    }: { readonly series: number; readonly time: number; readonly right: Fold | undefined },
  ): void {
    transact(this.#database, () => {
      this.#delete.run(width, series, time);
      if (right !== undefined) this.#table.add(width, right);
    });
  }
}

function fits(right: Fold | undefined, row: Row | undefined): boolean {
  if (right === undefined || row === undefined) return false;
  const { count, readings, min, max, sum, lastTime } = right;
  const isSame = row['count'] === count && row['readings'] === readings && row['last_time'] === lastTime;
  if (!isSame || count === 0) return isSame;
  // Sums were added up in another order.
  const isClose =
    Math.abs(Number(row['sum']) - sum) <=
    1e-9 * (Math.abs(sum) + count * Math.max(Math.abs(min), Math.abs(max)));
  return row['min'] === min && row['max'] === max && isClose;
}

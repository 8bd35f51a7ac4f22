/**
 * Adds sorted readings to the clustered history, its tiers and the newest values, inside the caller's transaction.
 * A reading that is there already (same series, time and value) changes nothing, in no tier: this makes late, doubled
 * and re-merged readings right everywhere.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { FineTier } from './fine.ts';
import type { HotRow } from './hot-row.ts';
import { prepareMany, rowsTogether } from './many-rows.ts';
import { valueKey, type Cells } from './rows.ts';
import { TierTable } from './tier-table.ts';
import { emptyFold, fold, tiers, tierWidthUs, type Fold } from './tiers.ts';

/** The values that one series has at one instant. */
interface Instant {
  readonly series: number;
  readonly time: number;
  readonly values: Set<string>;
}

const rawColumns = 6;
/** SQLITE_CONSTRAINT: the low byte of its kinds. */
const constraint = 19;
const widths = tiers.map((tier) => tierWidthUs[tier]);

export class HistoryWriter {
  readonly #addMany: StatementSync;
  /** What it binds; all are the first of their instants, `sub` 0. */
  readonly #cells: SQLInputValue[] = Array.from({ length: rowsTogether * rawColumns }, () => 0);
  readonly #addFirst: StatementSync;
  readonly #addAnother: StatementSync;
  readonly #sameInstant: StatementSync;
  readonly #newest: StatementSync;
  readonly #tiers: TierTable;
  readonly #fine: Pick<FineTier, 'added'>;
  /** Rows come sorted, so that each instant is read once, however many values it has. */
  #instant: Instant | undefined;

  /** @param fine hears of every reading that was added */
  constructor(database: DatabaseSync, fine: Pick<FineTier, 'added'>) {
    this.#fine = fine;
    this.#addMany = prepareMany(database, 'raw', rawColumns);
    this.#addFirst = database.prepare('INSERT OR IGNORE INTO raw VALUES (?, ?, 0, ?, ?, ?)');
    this.#addAnother = database.prepare('INSERT INTO raw VALUES (?, ?, ?, ?, ?, ?)');
    this.#sameInstant = database.prepare('SELECT value, text, flags FROM raw WHERE series = ? AND time = ?');
    this.#newest = database.prepare(`
      INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (series) DO UPDATE SET offset = excluded.offset, time = excluded.time, value = excluded.value,
        text = excluded.text, flags = excluded.flags
      WHERE excluded.time > time OR (excluded.time = time AND excluded.offset > offset)`);
    this.#tiers = new TierTable(database);
  }

  /** @param rows sorted by (series, time, offset) */
  add(rows: readonly HotRow[]): void {
    const open = widths.map(() => undefined as Fold | undefined);
    let newest: HotRow | undefined;
    // What the transaction before this one wrote may have been undone.
    this.#instant = undefined;
    const added = this.#addTogether(rows);
    for (const [place, row] of rows.entries()) {
      if (newest !== undefined && newest.series !== row.series) this.#saveNewest(newest);
      newest = row;
      if (place >= added && !this.#addRaw(row)) continue;
      this.#fine.added(row.series, row.time);
      widths.forEach((width, index) => {
        const start = Math.floor(row.time / width) * width;
        let bucket = open[index];
        if (bucket === undefined || bucket.series !== row.series || bucket.time !== start) {
          if (bucket !== undefined) this.#tiers.add(width, bucket);
          bucket = open[index] = emptyFold(row.series, start);
        }
        fold(bucket, row.time, row);
      });
    }
    if (newest !== undefined) this.#saveNewest(newest);
    widths.forEach((width, index) => {
      const bucket = open[index];
      if (bucket !== undefined) this.#tiers.add(width, bucket);
    });
  }

  /**
   * Adds as many as are the first of their instants, which nearly all are: many to a statement, until one is not.
   * @returns how many
   */
  #addTogether(rows: readonly HotRow[]): number {
    let added = 0;
    while (added + rowsTogether <= rows.length && this.#tryMany(rows, added)) added += rowsTogether;
    return added;
  }

  /** @returns false when a value of one of their instants is there already: then none of them was added */
  #tryMany(rows: readonly HotRow[], from: number): boolean {
    const cells = this.#cells;
    for (let place = 0, at = 0; place < rowsTogether; place += 1, at += rawColumns) {
      const { series = 0, time = 0, value = null, text = null, flags = 0 } = rows[from + place] ?? {};
      cells[at] = series;
      cells[at + 1] = time;
      cells[at + 3] = value;
      cells[at + 4] = text;
      cells[at + 5] = flags;
    }
    try {
      this.#addMany.run(...cells);
      return true;
    } catch (error) {
      const code = (error as { readonly errcode?: unknown }).errcode;
      if (typeof code === 'number' && (code & 0xff) === constraint) return false;
      throw error;
    }
  }

  /** @returns false when the same reading is there already */
  #addRaw(row: HotRow): boolean {
    const { series, time, value, text, flags } = row;
    if (this.#addFirst.run(series, time, value, text, flags).changes === 1) return true;
    const { values } = this.#instantOf(row);
    const sub = values.size;
    if (values.add(valueKey(row)).size === sub) return false;
    this.#addAnother.run(series, time, sub, value, text, flags);
    return true;
  }

  #instantOf({ series, time }: HotRow): Instant {
    const known = this.#instant;
    if (known?.series === series && known.time === time) return known;
    const present = this.#sameInstant.all(series, time) as unknown as readonly Cells[];
    return (this.#instant = { series, time, values: new Set(present.map(valueKey)) });
  }

  #saveNewest({ series, offset, time, value, text, flags }: HotRow): void {
    this.#newest.run(series, offset, time, value, text, flags);
  }
}

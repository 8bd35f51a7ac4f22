/**
 * Moves hot readings into the clustered history and its tiers, sorted, in slices small enough not to delay appends.
 *
 * One round takes the rows above `merged` up to `target`, sorts them by (series, time, offset) and applies them slice
 * by slice; the table `merge` says how far it is, in the same transaction as the rows. A crash in the middle is
 * harmless: the next start sorts the same rows and goes on after that place.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FineTier } from './fine.ts';
import { HistoryWriter } from './history-writer.ts';
import { transact } from './database.ts';
import { HotColumns } from './hot-columns.ts';
import { readCells, type HotRow } from './hot-row.ts';

/** A round holds at most this many rows in memory. */
const roundRows = 50_000;
const loadRows = 4000;

interface Place {
  readonly merged: number;
  readonly target: number;
  readonly series: number;
  readonly time: number;
  readonly offset: number;
}

interface Round {
  readonly target: number;
  /** Loaded up to here. */
  loaded: number;
  readonly rows: HotColumns;
  /** Indices of rows, in the order of their offsets. */
  readonly bySeries: Map<number, number[]>;
  /** Filled when everything is loaded: what is still to be applied, sorted. */
  sorted?: number[];
  applied: number;
}

export class Merge {
  readonly #database: DatabaseSync;
  readonly #history: HistoryWriter;
  readonly #fine: FineTier;
  readonly #load: StatementSync;
  readonly #savePlace: StatementSync;
  #place: Place;
  #round: Round | undefined;

  constructor(database: DatabaseSync, fine: FineTier) {
    this.#database = database;
    this.#fine = fine;
    this.#history = new HistoryWriter(database, fine);
    this.#load = database.prepare(
      'SELECT offset, series, time, value, text, flags FROM hot WHERE offset > ? AND offset <= ? ORDER BY offset LIMIT ?',
    );
    this.#load.setReturnArrays(true);
    this.#savePlace = database.prepare(
      'UPDATE merge SET merged = ?, target = ?, series = ?, time = ?, offset = ?',
    );
    this.#place = database.prepare('SELECT * FROM merge').get() as unknown as Place;
  }

  /** Everything up to this offset is in the history. */
  get merged(): number {
    return this.#place.merged;
  }

  /** A crash or the last slice left a round unfinished. */
  get underWay(): boolean {
    return this.#place.target > this.#place.merged;
  }

  /**
   * Does one bounded piece of work: loads some rows, or applies one slice in a transaction of its own.
   * @param head rows above it do not exist
   * @param sliceRows at most this many rows are applied
   * @returns true while the round goes on
   */
  step(head: number, sliceRows: number): boolean {
    const round = (this.#round ??= this.#begin(head));
    if (round === undefined) return false;
    if (round.sorted === undefined) {
      this.#loadSome(round);
      return true;
    }
    try {
      this.#applySlice(round, round.sorted, sliceRows);
    } catch (error) {
      // Nothing of the slice is in the file; the next step begins from the saved place.
      this.#endRound(round);
      this.#fine.undone();
      throw error;
    }
    return this.#round !== undefined;
  }

  #begin(head: number): Round | undefined {
    const { merged, target } = this.#place;
    const end = target > merged ? target : Math.min(head, merged + roundRows);
    if (end <= merged) return undefined;
    return { target: end, loaded: merged, rows: new HotColumns(), bySeries: new Map(), applied: 0 };
  }

  #loadSome(round: Round): void {
    const rows = this.#load.all(round.loaded, round.target, loadRows) as unknown as readonly unknown[][];
    for (const cells of rows) {
      const row = readCells(cells);
      const index = round.rows.add(row);
      const sameSeries = round.bySeries.get(row.series);
      if (sameSeries === undefined) round.bySeries.set(row.series, [index]);
      else sameSeries.push(index);
      round.loaded = row.offset;
    }
    if (rows.length < loadRows) round.sorted = this.#remaining(round);
  }

  /** Sorted by (series, time, offset), after the saved place when a round is resumed. */
  #remaining({ rows, bySeries, target }: Round): number[] {
    const place = this.#place.target === target ? this.#place : undefined;
    const sorted: number[] = [];
    for (const series of [...bySeries.keys()].toSorted((a, b) => a - b)) {
      // Loaded in offset order, and the sort is stable.
      const indices = (bySeries.get(series) ?? []).toSorted((a, b) => rows.timeAt(a) - rows.timeAt(b));
      for (const index of indices)
        if (place === undefined || isAfter(rows.row(index), place)) sorted.push(index);
    }
    bySeries.clear();
    return sorted;
  }

  #applySlice(round: Round, sorted: readonly number[], sliceRows: number): void {
    const indices = sorted.slice(round.applied, round.applied + sliceRows);
    const slice = indices.map((index) => round.rows.row(index));
    const last = slice.at(-1);
    const { target } = round;
    const isLastSlice = round.applied + slice.length === sorted.length;
    const place =
      isLastSlice || last === undefined
        ? { merged: target, target, series: 0, time: 0, offset: 0 }
        : { merged: this.merged, target, series: last.series, time: last.time, offset: last.offset };
    transact(this.#database, () => {
      this.#history.add(slice);
      this.#savePlace.run(place.merged, place.target, place.series, place.time, place.offset);
    });
    this.#place = place;
    round.applied += slice.length;
    if (isLastSlice) this.#endRound(round);
  }

  #endRound({ rows }: Round): void {
    rows.letGo();
    this.#round = undefined;
  }
}

function isAfter(row: HotRow, place: Place): boolean {
  if (row.series !== place.series) return row.series > place.series;
  if (row.time !== place.time) return row.time > place.time;
  return row.offset > place.offset;
}

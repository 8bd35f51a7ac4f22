/** Statements that insert many rows: to bind, step and reset once for each costs half as much again as inserting it. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** In one statement; with twice as many there is little left to spare. */
export const rowsTogether = 16;

/** A conflict undoes the statement and nothing else. @param columns of the table, all of which are given */
export function prepareMany(database: DatabaseSync, table: string, columns: number): StatementSync {
  const row = `(${Array.from({ length: columns }, () => '?').join()})`;
  const rows = Array.from({ length: rowsTogether }, () => row).join();
  return database.prepare(`INSERT INTO ${table} VALUES ${rows}`);
}

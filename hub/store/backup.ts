/**
 * A backup of the one file while it is in use: a snapshot of one instant, whole and compact.
 * It has no epoch: whoever opens it makes one, so that dashboards are told that offsets begin anew.
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const damageCodes = new Set([11, 26]);

/**
 * Takes as long as reading and writing the file once; writers go on meanwhile.
 * @param target must not exist; it appears whole or not at all
 * @throws {Error} a sentence for the operator
 */
export function backUp(source: string, target: string): void {
  if (existsSync(target)) throw new Error(`${target} exists already: choose another name.`);
  const part = `${target}.part`;
  rmSync(part, { force: true });
  try {
    const database = new DatabaseSync(source, { readOnly: true, timeout: 5000 });
    try {
      database.prepare('VACUUM INTO ?').run(part);
    } finally {
      database.close();
    }
    finish(part);
    for (const path of [part, dirname(target)]) sync(path);
    renameSync(part, target);
    sync(dirname(target));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** @returns what is wrong with the file; empty when it is well */
export function damageOf(file: string): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    const found = database.prepare('PRAGMA quick_check(10)').all();
    return found.map((row) => String(row['quick_check'])).filter((sentence) => sentence !== 'ok');
  } catch (error) {
    // Some damage ends the check itself.
    if (damageCodes.has(Number((error as { readonly errcode?: unknown }).errcode) & 0xff))
      return [(error as Error).message];
    throw error;
  } finally {
    database.close();
  }
}

/** It has records, and no epoch yet. */
export function isBackup(database: DatabaseSync): boolean {
  const found = database
    .prepare(
      `SELECT NOT EXISTS (SELECT 1 FROM meta WHERE name = 'epoch')
         AND (EXISTS (SELECT 1 FROM series) OR EXISTS (SELECT 1 FROM tokens)) AS yes`,
    )
    .get();
  return found?.['yes'] === 1;
}

function finish(file: string): void {
  const [damage] = damageOf(file);
  if (damage !== undefined) throw new Error(`The backup cannot be read: ${damage}`);
  const database = new DatabaseSync(file);
  try {
    database.exec(`DELETE FROM meta WHERE name = 'epoch'`);
  } finally {
    database.close();
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

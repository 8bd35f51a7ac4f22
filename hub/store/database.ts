/**
 * Opens the one SQLite file as a thread needs it and brings its layout up to date.
 * Layout changes are the numbered files of `migrations/`; `user_version` says how many were applied.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const migrationsFolder = new URL('./migrations/', import.meta.url);

/** For the one thread that writes. Migrates first. @throws {Error} a sentence for the operator */
export function openForWriting(file: string): DatabaseSync {
  // Nobody else writes: whoever holds the file longer than this is a disturbance that senders should hear of.
  const database = new DatabaseSync(file, { timeout: 250 });
  try {
    // FULL: the commit returns after the fsync. Checkpoints are our own (upkeep.ts): SQLite's doubles the ack p99.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0');
    // The cache holds what one slice of the merge touches; what else is read again lies in the kernel's.
    database.exec('PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8192');
    migrate(database, readMigrations(migrationsFolder));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @param cacheKiB of pages, which are read again without asking the kernel */
export function openForReading(file: string, cacheKiB = 8192): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  database.exec(`PRAGMA cache_size = -${cacheKiB}; PRAGMA query_only = ON`);
  return database;
}

export interface Migration {
  readonly version: number;
  readonly sql: string;
}

export function readMigrations(folder: URL): readonly Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}-.+\.sql$/.test(name));
  return names.toSorted().map((name) => ({
    version: Number(name.slice(0, 4)),
    sql: readFileSync(new URL(name, folder), 'utf8'),
  }));
}

/** Applies what is missing, each migration in a transaction of its own. @throws {Error} the file is from a newer hub */
export function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const present = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (present > newest)
    throw new Error(
      `The database was written by a newer Signalbox (layout ${present}, this one knows ${newest}): start that one.`,
    );
  for (const { version, sql } of migrations) {
    if (version <= present) continue;
    transact(database, () => database.exec(`${sql}; PRAGMA user_version = ${version}`));
  }
}

/** Runs `work` in one transaction: all of it is durable when this returns, none of it when it throws. */
export function transact<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have ended the transaction already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Made with the file, so that a restored or new file is told from the one whose offsets a dashboard remembers. */
export function epochOf(database: DatabaseSync): string {
  const found = database.prepare(`SELECT value FROM meta WHERE name = 'epoch'`).get();
  if (found !== undefined) return String(found['value']);
  const epoch = randomUUID();
  database.prepare(`INSERT INTO meta VALUES ('epoch', ?)`).run(epoch);
  return epoch;
}

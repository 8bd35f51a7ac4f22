import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { epochOf, migrate, openForWriting, readMigrations, transact } from '../../../hub/store/database.ts';
import { temporaryFolder } from './temporary-file.ts';

function open(): DatabaseSync {
  const database = openForWriting(join(temporaryFolder(), 'signalbox.db'));
  onTestFinished(() => database.close());
  return database;
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

describe('The file', () => {
  test('commits after the fsync, into a write-ahead log that SQLite does not checkpoint by itself', () => {
    const database = open();
    expect(pragma(database, 'journal_mode')).toBe('wal');
    expect(pragma(database, 'synchronous')).toBe(2);
    expect(pragma(database, 'wal_autocheckpoint')).toBe(0);
  });

  test('keeps the epoch that was made with it', () => {
    const database = open();
    const epoch = epochOf(database);
    expect(epochOf(database)).toBe(epoch);
    expect(epochOf(open())).not.toBe(epoch);
  });
});

describe('Migrations', () => {
  const folder = new URL('../../../hub/store/migrations/', import.meta.url);

  test('are numbered from 1 without a hole', () => {
    const versions = readMigrations(folder).map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, index) => index + 1));
  });

  test('each is applied once', () => {
    const database = new DatabaseSync(':memory:');
    const first = { version: 1, sql: 'CREATE TABLE a (x)' };
    const second = { version: 2, sql: 'CREATE TABLE b (x)' };
    migrate(database, [first]);
    migrate(database, [first, second]);
    migrate(database, [first, second]);
    expect(pragma(database, 'user_version')).toBe(2);
  });

  test('one that fails leaves nothing behind', () => {
    const database = new DatabaseSync(':memory:');
    expect(() => migrate(database, [{ version: 1, sql: 'CREATE TABLE a (x); CREATE TABLE a (x)' }])).toThrow(
      'a',
    );
    expect(pragma(database, 'user_version')).toBe(0);
    expect(database.prepare('SELECT * FROM sqlite_schema').all()).toEqual([]);
  });

  test('a file of a newer hub is left alone', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('PRAGMA user_version = 9');
    expect(() => migrate(database, [{ version: 1, sql: 'CREATE TABLE a (x)' }])).toThrow(
      'The database was written by a newer Signalbox (layout 9, this one knows 1): start that one.',
    );
  });
});

describe('A transaction', () => {
  test('that throws leaves nothing behind', () => {
    const database = open();
    const failing = (): void =>
      transact(database, () => {
        database.exec(`INSERT INTO meta VALUES ('x', 1)`);
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(database.prepare(`SELECT * FROM meta WHERE name = 'x'`).all()).toEqual([]);
    expect(database.isTransaction).toBe(false);
  });
});

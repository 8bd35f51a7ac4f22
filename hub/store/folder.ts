/**
 * The data folder as the store needs it: private, writable, and used by one hub at a time.
 * The lock is SQLite's own on a file beside the database: the kernel frees it when the process ends, however it ends.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface StoreFolder {
  /** The database. */
  readonly file: string;
  readonly unlock: () => void;
}

/** @throws {Error} it cannot be written, or another hub uses it: a sentence for the operator */
export function takeFolder(folder: string): StoreFolder {
  const file = join(folder, 'signalbox.db');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // SQLite gives its other files the mode of the database.
    closeSync(openSync(file, 'a', 0o600));
    for (const path of [folder, dirname(folder)]) syncFolder(path);
  } catch (cause) {
    throw new Error(`The data folder ${folder} cannot be written: ${(cause as Error).message}.`, { cause });
  }
  const lock = lockFolder(folder);
  return { file, unlock: () => lock.close() };
}

/** Of the database and its write-ahead log. */
export function databaseBytes(file: string): number {
  const sizes = [file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size);
}

function lockFolder(folder: string): DatabaseSync {
  const path = join(folder, 'signalbox.lock');
  closeSync(openSync(path, 'a', 0o600));
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    throw new Error(`Another hub is using the data folder ${folder}: stop it, or choose another folder.`, {
      cause,
    });
  }
}

/** A new name in a folder survives a power cut only after this. */
function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

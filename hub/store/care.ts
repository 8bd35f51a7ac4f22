/** Backups and checks of the one file, in a thread of their own: neither senders nor queries wait for them. */
import { randomUUID } from 'node:crypto';
import { createReadStream, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { RequestError, TryAgainError } from '#contract/errors.ts';
import type { Backup, Backups, Counters, Log } from '#ports';
import type { CareJob, CareResult } from './care-thread.ts';
import { databaseBytes } from './folder.ts';
import { diskOf, stateOf, type Disk } from './room.ts';
import { threadFile } from './thread-file.ts';

const prefix = 'signalbox.backup-';

export interface CareOptions {
  readonly folder: string;
  readonly log: Log;
  readonly counters: Counters;
  /** How full the disk of a folder is (default: as its file system says). */
  readonly diskOf?: ((folder: string) => Promise<Disk>) | undefined;
}

export class StoreCare implements Backups {
  readonly #options: CareOptions;
  #isBusy = false;

  /** What an earlier process left half done is removed. */
  constructor(options: CareOptions) {
    this.#options = options;
    const left = readdirSync(options.folder).filter((name) => name.startsWith(prefix));
    for (const name of left) rmSync(join(options.folder, name), { force: true });
  }

  async backup(): Promise<Backup> {
    if (this.#isBusy) throw new RequestError(409, 'backup-under-way', 'A backup is being made: wait for it.');
    this.#isBusy = true;
    try {
      await this.#requireRoom();
      return await this.#make();
    } finally {
      this.#isBusy = false;
    }
  }

  async #make(): Promise<Backup> {
    const target = join(this.#options.folder, `${prefix}${randomUUID()}`);
    await run({ kind: 'backup', file: this.#file, target });
    const { size: bytes } = statSync(target);
    const end = (): void => rmSync(target, { force: true });
    return { bytes, content: readThen(target, end) };
  }

  /** It is as large as the file while it is read, and must not be what fills the disk. @throws {TryAgainError} */
  async #requireRoom(): Promise<void> {
    const { folder, diskOf: measure = diskOf, log } = this.#options;
    const disk = await measure(folder).catch((error: unknown) =>
      log.debug('How full the disk is cannot be told.', { error }),
    );
    if (disk === undefined) return;
    const left = stateOf({ ...disk, freeBytes: disk.freeBytes - databaseBytes(this.#file) });
    if (left !== 'short' && left !== 'full') return;
    const message = 'The disk of the hub has too little room for a backup beside its database.';
    throw new TryAgainError('disk-short', message, 60_000);
  }

  /** Reads every page once, after a start that followed no clean stop. Never throws. */
  async check(): Promise<void> {
    const { log, counters } = this.#options;
    try {
      const damage = await run({ kind: 'check', file: this.#file });
      if (damage.length === 0) return log.info('Every page of the database was read: it is whole.');
      counters.count('store_failed', 'damaged');
      log.error('The database is damaged: restore a backup, or copy the file before anything else.', {
        damage,
      });
    } catch (error) {
      log.warn('The database could not be checked.', { error });
    }
  }

  get #file(): string {
    return join(this.#options.folder, 'signalbox.db');
  }
}

async function* readThen(path: string, end: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } finally {
    end();
  }
}

function run(job: CareJob): Promise<CareResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadFile('care'), { workerData: job, name: 'store-care' });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('it ended without an answer')));
  });
}

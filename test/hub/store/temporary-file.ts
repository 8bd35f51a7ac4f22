/** A database in a folder of its own, written and read in the test's thread: as the worker threads do it, only sooner. */
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import type { DeviceEvent } from '#contract/event.ts';
import type { Reading } from '#contract/reading.ts';
import type { AppendListener, JournalBatch, JournalCommit, RangeQuery } from '#ports';
import { openForReading } from '../../../hub/store/database.ts';
import { HistoryReader, type HistorySteps } from '../../../hub/store/history-reader.ts';
import type { FromThread } from '../../../hub/store/messages.ts';
import { unpackAnswer } from '../../../hub/store/packed.ts';
import { readerCalls } from '../../../hub/store/reader.ts';
import { StoreSeriesIndex } from '../../../hub/store/series-index.ts';
import { Turn } from '../../../hub/store/turn.ts';
import { upkeepLimits, type UpkeepLimits } from '../../../hub/store/upkeep.ts';
import { Writer } from '../../../hub/store/writer.ts';

/** All steps of a long question, without a pause. */
export function answered<Result>(steps: HistorySteps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** A time that tests count from, µs. */
export const t0 = Date.parse('2026-06-01T12:00:00Z') * 1000;

/** In memory where the system offers it: these tests ask what is written, not whether the disk is quick. */
const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export function makeFolder(): string {
  return mkdtempSync(join(parent, 'signalbox-store-'));
}

/** Gone when the test ends. */
export function temporaryFolder(): string {
  const folder = makeFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** For appends of which nobody hears. */
export const unheard: AppendListener = { committed: () => undefined, failed: () => undefined };

export function reading(value: Reading['value'], fields: Partial<Reading> = {}): Reading {
  const quality = value === null ? 'bad' : 'good';
  return {
    group: 'home',
    device: 'meter',
    metric: 'power',
    timeUs: t0,
    value,
    quality,
    stampedBy: 'device',
    ...fields,
  };
}

export function event(name: string, fields: Partial<DeviceEvent> = {}): DeviceEvent {
  return { group: 'home', device: 'meter', name, timeUs: t0, data: null, stampedBy: 'hub', ...fields };
}

/** As a bad disk does: the first page of a table is something else. */
export function overwritePage(file: string, table: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  const found = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table);
  database.close();
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(4096, 0x5a), 0, 4096, (Number(found?.['rootpage']) - 1) * 4096);
  closeSync(descriptor);
}

export class TemporaryFile {
  readonly file: string;
  writer: Writer;
  readonly #upkeep: UpkeepLimits;
  #series = new StoreSeriesIndex([]);
  #reading: DatabaseSync | undefined;
  #turns = 0;
  #isOpen = false;

  constructor(upkeep: Partial<UpkeepLimits> = {}) {
    this.#upkeep = { ...upkeepLimits, ...upkeep };
    this.file = join(temporaryFolder(), 'signalbox.db');
    this.writer = this.#open();
    onTestFinished(() => this.close());
  }

  get read() {
    const database = (this.#reading ??= openForReading(this.file));
    const calls = readerCalls(database);
    return {
      ...calls,
      history: (group: string, query: RangeQuery) => {
        const answer = answered(new HistoryReader(database).answer(group, query));
        return 'series' in answer ? unpackAnswer(answer) : answer;
      },
    };
  }

  /** One turn with these batches, committed. */
  async append(...batches: readonly Partial<JournalBatch>[]): Promise<readonly JournalCommit[]> {
    const turn = new Turn(this.#series);
    const commits: JournalCommit[] = [];
    const listener: AppendListener = {
      committed: (commit) => void commits.push(commit),
      failed: (error) => {
        throw error;
      },
    };
    for (const batch of batches)
      turn.add({ readings: [], events: [], principal: 'tester', ...batch }, listener, { atMs: 0, bytes: 0 });
    const [reply] = this.writer.commit([turn.toMessage((this.#turns += 1))]);
    if (reply?.kind !== 'appended') throw new Error(`not appended: ${JSON.stringify(reply)}`);
    turn.done(reply);
    return commits;
  }

  call(name: string, ...args: readonly unknown[]): unknown {
    const [reply] = this.writer.commit([{ kind: 'call', call: 1, name, args }]);
    if (reply?.kind !== 'answer') throw new Error(JSON.stringify(reply));
    return reply.value;
  }

  /** Upkeep until nothing is due. */
  tend(): readonly FromThread[] {
    const replies: FromThread[] = [];
    for (;;) {
      const step = this.writer.tend();
      replies.push(...step.replies);
      if (!step.more) return replies;
    }
  }

  mergeAll(): void {
    this.call('merge');
    this.tend();
  }

  /** Closes the file and opens it anew, as a restart does. */
  reopen(): void {
    this.close();
    this.writer = this.#open();
    this.#series = new StoreSeriesIndex(this.read.series(0, 1e6));
  }

  close(): void {
    this.#reading?.close();
    this.#reading = undefined;
    if (this.#isOpen) this.writer.close();
    this.#isOpen = false;
  }

  #open(): Writer {
    this.#isOpen = true;
    return new Writer({ file: this.file, upkeep: this.#upkeep });
  }
}

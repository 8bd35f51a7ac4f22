/**
 * What the writer does between commits, in pieces of a few milliseconds: merging hot rows into the history, keeping
 * the write-ahead log short, letting go of hot rows that nobody can resume from any more and of history that is too old.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '#contract/limits.ts';
import { transact } from './database.ts';
import { FineTier } from './fine.ts';
import { Merge } from './merge.ts';
import type { FromThread, Moved } from './messages.ts';
import { Retention } from './retention.ts';

export interface UpkeepLimits {
  /** Merge when so many rows wait … */
  readonly mergeRows: number;
  /** … or the oldest has waited so long. */
  readonly mergeAgeMs: number;
  /** With so many unmerged rows, which every query reads, the merge rests no more. */
  readonly behindRows: number;
  /** Hot rows stay so long after they were committed … */
  readonly keepMs: number;
  /** … unless they take more than this. */
  readonly keepBytes: number;
  readonly checkpointBytes: number;
  /** Hot rows also stay until the cursor has passed them; the time and the bytes above count from then on. */
  readonly spooling: boolean;
  /** History is kept so long where no rule says otherwise. */
  readonly retentionDays: number;
}

export const upkeepLimits: UpkeepLimits = {
  mergeRows: 10_000,
  // Pages of the history are written as a whole: the more readings of a series come at once, the fewer.
  mergeAgeMs: 300_000,
  behindRows: 400_000,
  keepMs: 10 * 60_000,
  keepBytes: 256 * 1024 * 1024,
  checkpointBytes: 16 * 1024 * 1024,
  spooling: false,
  retentionDays: limits.retentionUs / 86_400_000_000,
};

/**
 * For a disk that wears. Of what the history writes most is pages of which a part is new: three times as much is gathered
 * for each, and a page that changes again meanwhile goes from the log into the file once. Every query reads what waits.
 */
export const gentleUpkeep = {
  mergeRows: 50_000,
  mergeAgeMs: 900_000,
  checkpointBytes: 64 * 1024 * 1024,
} as const satisfies Partial<UpkeepLimits>;

export interface Tended {
  /** What changed. */
  readonly replies: readonly FromThread[];
  /** More is due. */
  readonly more: boolean;
  /** Somebody waits for it, or more comes in than would go with rests in between. */
  readonly isBehind: boolean;
}

const nothingDue = { more: false, isBehind: false } as const;

/** When the journal had grown, or the cursor had come, to an offset. */
interface Mark {
  readonly offset: number;
  readonly atMs: number;
}

const sliceRows = 1000;
const trimRows = 5000;
/** Few rows go together, or late: letting go of some costs pages, however few they are. */
const markMs = 60_000;
/** A row and its share of the page, measured with numeric readings. */
export const bytesPerHotRow = 32;
const walFrameBytes = 4096 + 24;

export class Upkeep {
  readonly retention: Retention;
  readonly #database: DatabaseSync;
  readonly #limits: UpkeepLimits;
  readonly #merge: Merge;
  readonly #fine: FineTier;
  readonly #trim: StatementSync;
  readonly #saveTrimmed: StatementSync;
  readonly #saveCursor: StatementSync;
  readonly #walState: StatementSync;
  readonly #checkpoint: StatementSync;
  #trimmed: number;
  /** Up to here a follower of the journal has everything. */
  #cursor: number;
  #cursorSinceMs: number;
  #marks: Mark[] = [];
  #nowMs = 0;
  #unmergedSinceMs: number | undefined;
  /** Merge up to here without waiting for more rows or age. */
  #mergeTo = 0;
  #trouble: string | undefined;

  constructor(database: DatabaseSync, options: UpkeepLimits) {
    this.#database = database;
    this.#limits = options;
    this.#fine = new FineTier(database);
    this.#merge = new Merge(database, this.#fine);
    this.retention = new Retention(database, options.retentionDays);
    this.#trim = database.prepare('DELETE FROM hot WHERE offset <= ?');
    this.#saveTrimmed = database.prepare(`INSERT OR REPLACE INTO meta VALUES ('trimmed', ?)`);
    this.#walState = database.prepare('PRAGMA wal_checkpoint(NOOP)');
    this.#checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    this.#saveCursor = database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
    const saved = database.prepare('SELECT value FROM meta WHERE name = ?');
    this.#trimmed = Number(saved.get('trimmed')?.['value'] ?? 0);
    this.#cursor = Math.max(Number(saved.get('cursor')?.['value'] ?? 0), this.#trimmed);
    this.#cursorSinceMs = Number(saved.get('cursor-since')?.['value'] ?? 0);
  }

  position(): { readonly merged: number; readonly tail: number } {
    return { merged: this.#merge.merged, tail: this.#trimmed + 1 };
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** What lies above the cursor came after this moment, epoch ms; 0 if nobody knows. */
  get cursorSinceMs(): number {
    return this.#cursorSinceMs;
  }

  /** Inside the caller's transaction. Rows that are gone cannot be followed again. */
  moveCursor(offset: number, sinceMs: number): number {
    const cursor = Math.max(offset, this.#trimmed);
    this.#saveCursor.run('cursor', cursor);
    this.#saveCursor.run('cursor-since', sinceMs);
    this.#cursor = cursor;
    this.#cursorSinceMs = sinceMs;
    this.#marks = this.#marks.filter((mark) => mark.offset <= cursor);
    return cursor;
  }

  /** The time, about once a second: a merge becomes due by age, old rows may go, what failed is tried again. */
  tick(nowMs: number, head: number): void {
    this.#nowMs = nowMs;
    this.#trouble = undefined;
    this.#markIfGrown(this.#keptFrom(head));
    if (head === this.#merge.merged) this.#unmergedSinceMs = undefined;
    else this.#unmergedSinceMs ??= nowMs;
  }

  #markIfGrown(offset: number): void {
    const last = this.#marks.at(-1);
    const grown = offset - (last?.offset ?? this.#trimmed);
    const isDue = last === undefined || grown >= trimRows || this.#nowMs - last.atMs >= markMs;
    if (grown > 0 && isDue) this.#marks.push({ offset, atMs: this.#nowMs });
  }

  /** @param wallMs epoch ms */
  tellTime(nowMs: number, wallMs: number): void {
    this.retention.tick(nowMs, wallMs);
    this.#fine.tick(wallMs);
  }

  /** Merge everything up to `head` now. */
  hurry(head: number): void {
    this.#mergeTo = head;
  }

  /** Does one piece of what is due. */
  step(head: number): Tended {
    if (this.#trouble !== undefined) return { ...nothingDue, replies: [] };
    try {
      this.#checkpointIfLong();
      const before = this.position();
      const { dropped, more } = this.#withoutFsync(() =>
        this.#mergeSome(head) || this.#fine.step() || this.#trimSome(head)
          ? { dropped: [], more: true }
          : this.retention.step(this.#trimmed),
      );
      const after = this.position();
      const moved = before.merged !== after.merged || before.tail !== after.tail;
      const replies = moved ? [...dropped, { kind: 'moved', ...after } satisfies Moved] : dropped;
      return { replies, more, isBehind: more && this.#isBehind(head) };
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
      return { ...nothingDue, replies: [{ kind: 'upkeep-failed', why: this.#trouble }] };
    }
  }

  #isBehind(head: number): boolean {
    const { merged } = this.#merge;
    return merged < this.#mergeTo || head - merged > this.#limits.behindRows;
  }

  /**
   * Upkeep only moves what is durable already, and the log keeps its order: the next append's fsync covers it, and a
   * power cut before that undoes it as a whole. So a slow disk is not asked to wait for it.
   */
  #withoutFsync<Result>(work: () => Result): Result {
    this.#database.exec('PRAGMA synchronous = NORMAL');
    try {
      return work();
    } finally {
      this.#database.exec('PRAGMA synchronous = FULL');
    }
  }

  #checkpointIfLong(): void {
    const { log, checkpointed } = this.#walState.get() as { log: number; checkpointed: number };
    if ((log - checkpointed) * walFrameBytes >= this.#limits.checkpointBytes) this.#checkpoint.get();
  }

  #mergeSome(head: number): boolean {
    const { merged, underWay } = this.#merge;
    const isOld =
      this.#unmergedSinceMs !== undefined && this.#nowMs - this.#unmergedSinceMs >= this.#limits.mergeAgeMs;
    const isDue = underWay || isOld || head - merged >= this.#limits.mergeRows || merged < this.#mergeTo;
    if (!isDue) return false;
    const more = this.#merge.step(head, sliceRows);
    if (!more) this.#unmergedSinceMs = undefined;
    return more || this.#merge.merged < this.#mergeTo;
  }

  /** Above this nothing may go, however old: the time of what lies below counts from when it came to lie there. */
  #keptFrom(head: number): number {
    return this.#limits.spooling ? Math.min(head, this.#cursor) : head;
  }

  #trimSome(head: number): boolean {
    const { keepMs, keepBytes } = this.#limits;
    let end = this.#keptFrom(head) - Math.floor(keepBytes / bytesPerHotRow);
    const young = this.#marks.findIndex((mark) => mark.atMs > this.#nowMs - keepMs);
    const old = young === -1 ? this.#marks : this.#marks.slice(0, young);
    end = Math.min(Math.max(end, old.at(-1)?.offset ?? 0), this.#merge.merged);
    if (end <= this.#trimmed) return false;
    const offset = Math.min(end, this.#trimmed + trimRows);
    transact(this.#database, () => {
      this.#trim.run(offset);
      this.#saveTrimmed.run(offset);
    });
    this.#trimmed = offset;
    if (offset === end) this.#marks = this.#marks.filter((mark) => mark.offset > end);
    return offset < end;
  }
}

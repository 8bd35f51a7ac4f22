/**
 * The one that writes: takes what has arrived as one group, commits it with one fsync, answers after that.
 * Between groups it does the upkeep. Runs in the writer thread; knows no thread itself.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { RetentionRule } from '#contract/retention-rules.ts';
import { Appender } from './appender.ts';
import { epochOf, openForWriting, transact } from './database.ts';
import type { AppendMessage, CallDone, CallMessage, FromThread, ReadyMessage } from './messages.ts';
import { recordWrites } from './record-writes.ts';
import { isBackup } from './backup.ts';
import { checkStart } from './start-check.ts';
import { Upkeep, type Tended, type UpkeepLimits } from './upkeep.ts';
import { walFrames } from './wal-frames.ts';

export interface WriterOptions {
  readonly file: string;
  readonly upkeep: UpkeepLimits;
}

export type GroupMember = AppendMessage | CallMessage;
type Call = (...args: readonly never[]) => unknown;

/** SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_BUSY, SQLITE_NOMEM. */
const storageCodes = new Set([13, 10, 8, 14, 11, 26, 5, 7]);

export class Writer {
  readonly #database: DatabaseSync;
  readonly #appender: Appender;
  readonly #upkeep: Upkeep;
  readonly #calls: ReadonlyMap<string, Call>;
  readonly ready: ReadyMessage;
  #replies: FromThread[] = [];
  #head: number;

  /** @throws {Error} the file cannot be used: a sentence for the operator */
  constructor({ file, upkeep }: WriterOptions) {
    const before = walFrames(file);
    this.#database = openForWriting(file);
    const isRestored = isBackup(this.#database);
    const found = checkStart(this.#database, { before, isRestored });
    const epoch = epochOf(this.#database);
    const dropped = (what: FromThread): void => void this.#replies.push(what);
    this.#appender = new Appender(this.#database, dropped);
    this.#upkeep = new Upkeep(this.#database, upkeep);
    this.#calls = new Map<string, Call>([
      ...Object.entries(recordWrites(this.#database, dropped)),
      ['merge', () => this.#upkeep.hurry(this.#head)],
      ['setRetention', (rules: readonly RetentionRule[]) => this.#upkeep.retention.setRules(rules)],
      ['moveCursor', (offset: number, sinceMs: number) => this.#upkeep.moveCursor(offset, sinceMs)],
    ]);
    this.#head = newestOffset(this.#database);
    const { cursor, cursorSinceMs } = this.#upkeep;
    this.ready = {
      kind: 'ready',
      epoch,
      head: this.#head,
      cursor,
      cursorSinceMs,
      isRestored,
      found,
      ...this.#upkeep.position(),
    };
  }

  /** Commits everything of the group, or nothing of what it answers as failed. */
  commit(group: readonly GroupMember[]): readonly FromThread[] {
    return this.#tryCommit(group);
  }

  /** @param wallMs epoch ms; without it nothing becomes too old */
  tick(nowMs: number, wallMs?: number): void {
    this.#upkeep.tick(nowMs, this.#head);
    if (wallMs !== undefined) this.#upkeep.tellTime(nowMs, wallMs);
  }

  /** One bounded piece of upkeep. */
  tend(): Tended {
    return this.#upkeep.step(this.#head);
  }

  close(): void {
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.#database.close();
    }
  }

  #tryCommit(group: readonly GroupMember[]): readonly FromThread[] {
    const head = this.#head;
    this.#replies = [];
    try {
      transact(this.#database, () => {
        for (const member of group) this.#replies.push(this.#perform(member));
      });
      return this.#replies;
    } catch (error) {
      this.#head = head;
      // One member that cannot be written must not hold the others up for ever: alone, only it fails.
      if (group.length > 1 && !isStorageFailure(error))
        return group.flatMap((member) => this.#tryCommit([member]));
      return group.map((member) => failed(member, messageOf(error)));
    }
  }

  #perform(member: GroupMember): FromThread {
    if (member.kind === 'call') return this.#performCall(member);
    const done = this.#appender.append(member, this.#head);
    this.#head = done.head;
    return done;
  }

  #performCall({ call, name, args }: CallMessage): CallDone {
    const run = this.#calls.get(name);
    if (run === undefined) return { kind: 'refusal', call, why: `The writer knows no call ${name}.` };
    this.#database.exec('SAVEPOINT call');
    try {
      const value = run(...(args as readonly never[]));
      this.#database.exec('RELEASE call');
      return { kind: 'answer', call, value };
    } catch (error) {
      if (isStorageFailure(error) || !this.#database.isTransaction) throw error;
      this.#database.exec('ROLLBACK TO call; RELEASE call');
      return { kind: 'refusal', call, why: messageOf(error) };
    }
  }
}

/** Trimmed rows count too: an offset is given once. */
function newestOffset(database: DatabaseSync): number {
  const row = database
    .prepare(
      `SELECT max(
         ifnull((SELECT max(offset) FROM hot), 0),
         ifnull((SELECT max(offset) FROM events), 0),
         ifnull((SELECT value FROM meta WHERE name = 'trimmed'), 0)) AS offset`,
    )
    .get();
  return Number(row?.['offset']);
}

function failed(member: GroupMember, why: string): FromThread {
  return member.kind === 'append'
    ? { kind: 'not-appended', turn: member.turn, why }
    : { kind: 'refusal', call: member.call, why };
}

/** The disk or the file refused; trying one by one would not help. */
function isStorageFailure(error: unknown): boolean {
  const code = (error as { readonly errcode?: unknown }).errcode;
  // The low byte is the primary result code.
  return typeof code === 'number' && storageCodes.has(code & 0xff);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Lets go of history that is older than its rule says, in pieces of a few milliseconds. Pages that become free are used
 * again by what comes in.
 *
 * A series is cut at a whole hour, so that every tier stays exact. Its floor is saved in the transaction that begins to
 * delete: queries begin there, and never count what is half gone.
 *
 * The clock of the machine may be wrong, and a jump ahead must not empty the file: the time by which things are old
 * advances at most a day an hour.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { compileRetention, type DaysKept } from '#contract/retention.ts';
import type { RetentionRule } from '#contract/retention-rules.ts';
import { transact } from './database.ts';
import type { Dropped } from './messages.ts';
import { tiers, tierWidthUs } from './tiers.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const seriesPerPiece = 200;
const rowsPerPiece = 2000;

type Work =
  | { readonly kind: 'look'; readonly after: number }
  | { readonly kind: 'delete'; readonly series: number; readonly cutoff: number }
  | { readonly kind: 'events'; readonly groups: readonly string[] };

export class Retention {
  readonly #database: DatabaseSync;
  readonly #defaultDays: number;
  readonly #statements: ReturnType<typeof prepare>;
  #daysKept: DaysKept;
  /** When things are old by, epoch ms; undefined: no time was told yet. */
  #todayMs: number | undefined;
  #sweptAtMs: number | undefined;
  #isChanged = false;
  #work: Work | undefined;

  constructor(database: DatabaseSync, defaultDays: number) {
    this.#database = database;
    this.#defaultDays = defaultDays;
    this.#statements = prepare(database);
    this.#daysKept = compileRetention({ defaultDays, rules: readRules(database) });
  }

  /** In the caller's transaction. */
  setRules(rules: readonly RetentionRule[]): void {
    this.#statements.save.run('retention', JSON.stringify(rules));
    this.#daysKept = compileRetention({ defaultDays: this.#defaultDays, rules });
    this.#isChanged = true;
  }

  /** @param nowMs of the monotonic clock @param wallMs epoch ms */
  tick(nowMs: number, wallMs: number): void {
    if (this.#work !== undefined) return;
    const isDue = nowMs - (this.#sweptAtMs ?? nowMs) >= hourMs;
    if (!isDue && this.#sweptAtMs !== undefined && !this.#isChanged) return;
    const before =
      this.#todayMs ?? Number(this.#statements.saved.get('retention-today')?.['value'] ?? wallMs);
    this.#todayMs = Math.min(wallMs, isDue ? before + dayMs : before);
    if (isDue) this.#sweptAtMs = nowMs;
    this.#sweptAtMs ??= nowMs;
    this.#isChanged = false;
    this.#work = { kind: 'look', after: 0 };
  }

  /**
   * Does one piece.
   * @param trimmed events up to this offset are not needed by anybody who resumes, and their offset is remembered
   * @returns what was let go, and whether more is due
   */
  step(trimmed: number): { readonly dropped: readonly Dropped[]; readonly more: boolean } {
    const work = this.#work;
    if (work === undefined) return { dropped: [], more: false };
    const dropped = this.#perform(work, trimmed);
    return { dropped, more: this.#work !== undefined };
  }

  #perform(work: Work, trimmed: number): readonly Dropped[] {
    switch (work.kind) {
      case 'look':
        this.#look(work.after);
        return [];
      case 'delete':
        return this.#deletePiece(work.series, work.cutoff);
      case 'events':
        return this.#deleteEvents(work.groups, trimmed);
    }
  }

  /** Finds the next series that has something too old. */
  #look(after: number): void {
    const rows = this.#statements.nextSeries.all(after, seriesPerPiece);
    for (const { id, grp, metric } of rows) {
      const cutoff = this.#cutoff(String(grp), String(metric));
      if (this.#statements.hasOlder.get(Number(id), cutoff) === undefined) continue;
      this.#work = { kind: 'delete', series: Number(id), cutoff };
      return;
    }
    const last = rows.at(-1);
    if (last !== undefined) this.#work = { kind: 'look', after: Number(last['id']) };
    else {
      const groups = this.#statements.eventGroups.all().map(({ grp }) => String(grp));
      this.#work = { kind: 'events', groups };
    }
  }

  /** µs; 0 when it is kept for ever. */
  #cutoff(group: string, metric: string | undefined): number {
    const days = this.#daysKept(group, metric);
    if (days === null) return 0;
    const hour = Math.floor(((this.#todayMs ?? 0) - days * dayMs) / hourMs);
    return Math.max(0, hour * tierWidthUs.hour);
  }

  #deletePiece(series: number, cutoff: number): readonly Dropped[] {
    const { boundary, saveFloor, deleteRaw, deleteTiers } = this.#statements;
    const next = boundary.get(series, cutoff, rowsPerPiece)?.['time'];
    // The whole instant: it may hold more than a piece.
    const end = next === undefined ? cutoff : Number(next) + 1;
    const by = transact(this.#database, () => {
      saveFloor.run(series, cutoff);
      const { changes } = deleteRaw.run(series, end);
      for (const tier of tiers) {
        const width = tierWidthUs[tier];
        deleteTiers.run(width, series, Math.floor(end / width) * width);
      }
      return Number(changes);
    });
    if (next === undefined) this.#work = { kind: 'look', after: series };
    return by === 0 ? [] : [{ kind: 'dropped', table: 'expired-readings', by }];
  }

  #deleteEvents(groups: readonly string[], trimmed: number): readonly Dropped[] {
    const [group, ...others] = groups;
    if (group === undefined) {
      this.#work = undefined;
      transact(this.#database, () => this.#statements.save.run('retention-today', this.#todayMs ?? 0));
      return [];
    }
    const cutoff = this.#cutoff(group, undefined);
    const { changes } = transact(this.#database, () =>
      this.#statements.deleteEvents.run(group, cutoff, trimmed, rowsPerPiece),
    );
    if (Number(changes) < rowsPerPiece) this.#work = { kind: 'events', groups: others };
    return changes === 0 ? [] : [{ kind: 'dropped', table: 'expired-events', by: Number(changes) }];
  }
}

export function readRules(database: DatabaseSync): readonly RetentionRule[] {
  const found = database.prepare(`SELECT value FROM meta WHERE name = 'retention'`).get();
  return found === undefined ? [] : (JSON.parse(String(found['value'])) as readonly RetentionRule[]);
}

function prepare(database: DatabaseSync) {
  const statement = (sql: string): StatementSync => database.prepare(sql);
  return {
    saved: statement('SELECT value FROM meta WHERE name = ?'),
    save: statement('INSERT OR REPLACE INTO meta VALUES (?, ?)'),
    nextSeries: statement('SELECT id, grp, metric FROM series WHERE id > ? ORDER BY id LIMIT ?'),
    hasOlder: statement('SELECT 1 FROM raw WHERE series = ? AND time < ? LIMIT 1'),
    boundary: statement(
      'SELECT time FROM raw WHERE series = ? AND time < ? ORDER BY time, sub LIMIT 1 OFFSET ?',
    ),
    saveFloor: statement(`
      INSERT INTO floors VALUES (?, ?)
      ON CONFLICT (series) DO UPDATE SET time = max(time, excluded.time)`),
    deleteRaw: statement('DELETE FROM raw WHERE series = ? AND time < ?'),
    deleteTiers: statement('DELETE FROM tiers WHERE width = ? AND series = ? AND time < ?'),
    eventGroups: statement('SELECT DISTINCT grp FROM events'),
    deleteEvents: statement(`
      DELETE FROM events WHERE offset IN
        (SELECT offset FROM events WHERE grp = ? AND time < ? AND offset <= ? LIMIT ?)`),
  };
}

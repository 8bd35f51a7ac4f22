/** The table of what could not be accepted: bounded, the oldest rows give way and are counted. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '#contract/limits.ts';
import type { QuarantineChange } from '#ports';
import type { Dropped, QuarantineRecord } from './messages.ts';

export class QuarantineTable {
  readonly #database: DatabaseSync;
  readonly #add: StatementSync;
  readonly #drop: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#add = database.prepare(`
      INSERT INTO quarantine (at, code, message, source, content_type, bytes, circumstances)
      VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#drop = database.prepare('DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - ?');
  }

  /** @returns what had to give way */
  add(item: QuarantineRecord): readonly Dropped[] {
    const { at, code, message, source, raw, circumstances } = item;
    const bytes = raw.bytes.subarray(0, limits.quarantinePayloadBytes);
    const facts = circumstances === undefined ? null : JSON.stringify(circumstances);
    this.#add.run(at, code, message, JSON.stringify(source), raw.contentType ?? null, bytes, facts);
    const by = Number(this.#drop.run(limits.quarantineRows).changes);
    return by === 0 ? [] : [{ kind: 'dropped', table: 'quarantine', by }];
  }

  /** Of rows that are there: others are no error, they gave way meanwhile. */
  settle(changes: readonly QuarantineChange[]): void {
    const remove = this.#database.prepare('DELETE FROM quarantine WHERE id = ?');
    const keep = this.#database.prepare(
      'UPDATE quarantine SET code = ?, message = ?, circumstances = ? WHERE id = ?',
    );
    for (const { id, still } of changes) {
      if (still === undefined) remove.run(id);
      else keep.run(still.code, still.message, JSON.stringify(still.circumstances ?? {}), id);
    }
  }

  /** @returns how many went */
  purge(ids: readonly number[] | undefined): number {
    if (ids === undefined) return Number(this.#database.prepare('DELETE FROM quarantine').run().changes);
    const remove = this.#database.prepare('DELETE FROM quarantine WHERE id = ?');
    return ids.reduce((sum, id) => sum + Number(remove.run(id).changes), 0);
  }
}

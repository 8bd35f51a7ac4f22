/** The table of what could not be accepted: bounded, the oldest rows give way and are counted. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '#contract/limits.ts';
import type { Dropped, QuarantineRecord } from './messages.ts';

export class QuarantineTable {
  readonly #add: StatementSync;
  readonly #drop: StatementSync;

  constructor(database: DatabaseSync) {
    this.#add = database.prepare(
      'INSERT INTO quarantine (at, code, message, source, content_type, bytes) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#drop = database.prepare('DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - ?');
  }

  /** @returns what had to give way */
  add(item: QuarantineRecord): readonly Dropped[] {
    const { at, code, message, source, raw } = item;
    const bytes = raw.bytes.subarray(0, limits.quarantinePayloadBytes);
    this.#add.run(at, code, message, JSON.stringify(source), raw.contentType ?? null, bytes);
    const by = Number(this.#drop.run(limits.quarantineRows).changes);
    return by === 0 ? [] : [{ kind: 'dropped', table: 'quarantine', by }];
  }
}

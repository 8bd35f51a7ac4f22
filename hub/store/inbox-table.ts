/** The topics that nothing maps, each with its last payloads: bounded, who was silent longest gives way. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '#contract/limits.ts';
import type { InboxItem } from '#ports';
import type { Dropped } from './messages.ts';

export class InboxTable {
  readonly #note: StatementSync;
  readonly #keep: StatementSync;
  readonly #forgetLarge: StatementSync;
  readonly #forgetOld: StatementSync;
  readonly #count: StatementSync;
  readonly #drop: StatementSync;
  readonly #taken: StatementSync;
  readonly #removeEmpty: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#note = prepare(`
      INSERT INTO inbox (topic, principal, why, count, first_seen, last_seen)
      VALUES (:topic, :principal, :why, 1, :at, :at)
      ON CONFLICT (topic) DO UPDATE SET principal = :principal, why = :why,
        count = count + 1, last_seen = :at`);
    this.#keep = prepare('INSERT INTO inbox_payloads (topic, at, payload) VALUES (?, ?, ?)');
    this.#forgetLarge = prepare('DELETE FROM inbox_payloads WHERE topic = ? AND length(payload) > ?');
    this.#forgetOld = prepare(`
      DELETE FROM inbox_payloads WHERE topic = :topic AND id <= (
        SELECT id FROM inbox_payloads WHERE topic = :topic ORDER BY id DESC LIMIT 1 OFFSET :most)`);
    this.#count = prepare('SELECT count(*) AS n FROM inbox');
    this.#drop = prepare(
      'DELETE FROM inbox WHERE topic IN (SELECT topic FROM inbox ORDER BY last_seen LIMIT ?)',
    );
    this.#taken = prepare('DELETE FROM inbox_payloads WHERE topic = ? AND id = ?');
    this.#removeEmpty = prepare(
      'DELETE FROM inbox WHERE topic = :topic AND NOT EXISTS (SELECT 1 FROM inbox_payloads WHERE topic = :topic)',
    );
    this.#remove = prepare('DELETE FROM inbox WHERE topic = ?');
  }

  /** @returns what had to give way */
  note({ topic, principal, why, payload }: InboxItem, at: number): readonly Dropped[] {
    this.#note.run({ topic, principal, why, at });
    // Only the newest payload of a topic may be long.
    this.#forgetLarge.run(topic, limits.inboxOlderPayloadBytes);
    this.#keep.run(topic, at, payload.subarray(0, limits.quarantinePayloadBytes));
    this.#forgetOld.run({ topic, most: limits.inboxPayloadsPerTopic });
    const by = Number(this.#count.get()?.['n']) - limits.inboxTopics;
    if (by <= 0) return [];
    this.#drop.run(by);
    return [{ kind: 'dropped', table: 'inbox', by }];
  }

  /** These payloads were taken into the hub; a topic with none left goes with them. */
  taken(topic: string, ids: readonly number[]): void {
    for (const id of ids) this.#taken.run(topic, id);
    this.#removeEmpty.run({ topic });
  }

  /** @returns whether it was there */
  remove(topic: string): boolean {
    return this.#remove.run(topic).changes > 0;
  }
}

/**
 * Writes one turn of appends into the hot table and the events, inside the caller's transaction.
 * Offsets are given here: one sequence over readings and events, in the order of arrival, without holes.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '#contract/limits.ts';
import { cellsPerRow, type AppendMessage, type Dropped, type EventRow, type TurnDone } from './messages.ts';
import { QuarantineTable } from './quarantine-table.ts';
import { isText } from './rows.ts';

interface Repeats {
  readonly rows: Set<number>;
  readonly events: Set<number>;
}

export class Appender {
  readonly #quarantine: QuarantineTable;
  readonly #addSeries: StatementSync;
  readonly #addRow: StatementSync;
  readonly #addEvent: StatementSync;
  readonly #addId: StatementSync;
  readonly #findPacket: StatementSync;
  readonly #addPacket: StatementSync;
  readonly #countIds: StatementSync;
  readonly #forgetIds: StatementSync;
  readonly #dropped: (what: Dropped) => void;
  #idsRemembered = 0;

  /** @param dropped hears what a bounded table let go */
  constructor(database: DatabaseSync, dropped: (what: Dropped) => void) {
    this.#dropped = dropped;
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#quarantine = new QuarantineTable(database);
    this.#addSeries = prepare('INSERT OR IGNORE INTO series VALUES (?, ?, ?, ?, ?)');
    this.#addRow = prepare('INSERT INTO hot VALUES (?, ?, ?, ?, ?, ?)');
    this.#addEvent = prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#addId = prepare('INSERT OR IGNORE INTO remembered_ids VALUES (?, ?)');
    this.#findPacket = prepare('SELECT fingerprint FROM packet_ids WHERE client = ? AND packet = ?');
    this.#addPacket = prepare('INSERT OR REPLACE INTO packet_ids VALUES (?, ?, ?)');
    this.#forgetIds = prepare(
      'DELETE FROM remembered_ids WHERE key IN (SELECT key FROM remembered_ids ORDER BY offset LIMIT ?)',
    );
    this.#countIds = prepare('SELECT count(*) AS n FROM remembered_ids');
    this.recount();
  }

  /** After a transaction was rolled back. */
  recount(): void {
    this.#idsRemembered = Number(this.#countIds.get()?.['n']);
  }

  /** @param head the newest offset so far */
  append(turn: AppendMessage, head: number): TurnDone {
    for (const { id, group, device, metric, tags } of turn.series)
      this.#addSeries.run(id, group, device, metric, tags);
    for (const item of turn.quarantine) this.#quarantine.add(item).forEach(this.#dropped);
    const repeats = this.#findRepeats(turn, head);
    const newest = this.#write(turn, head, repeats);
    return {
      kind: 'appended',
      turn: turn.turn,
      first: head + 1,
      head: newest,
      ...(repeats !== undefined && repeats.rows.size > 0 && { repeatedRows: [...repeats.rows] }),
      ...(repeats !== undefined && repeats.events.size > 0 && { repeatedEvents: [...repeats.events] }),
    };
  }

  #forgetOldIds(): void {
    const by = this.#idsRemembered - limits.rememberedIds;
    if (by <= 0) return;
    this.#forgetIds.run(by);
    this.#idsRemembered -= by;
    this.#dropped({ kind: 'dropped', table: 'remembered-ids', by });
  }

  #write({ rows, texts, events, count }: AppendMessage, head: number, repeats: Repeats | undefined): number {
    let offset = head;
    let event = 0;
    for (let row = 0; row <= count; row += 1) {
      for (let next = events[event]; next !== undefined && next.row === row; next = events[event]) {
        if (repeats?.events.has(event) !== true) this.#writeEvent((offset += 1), next);
        event += 1;
      }
      if (row === count || repeats?.rows.has(row) === true) continue;
      const cell = row * cellsPerRow;
      const flags = rows[cell + 2] ?? 0;
      const value = rows[cell + 3] ?? Number.NaN;
      offset += 1;
      if (isText(flags))
        this.#addRow.run(offset, rows[cell] ?? 0, rows[cell + 1] ?? 0, null, texts[value] ?? '', flags);
      else this.#addRow.run(offset, rows[cell] ?? 0, rows[cell + 1] ?? 0, value, null, flags);
    }
    return offset;
  }

  #writeEvent(offset: number, event: EventRow): void {
    const { group, device, name, time, data, flags } = event;
    this.#addEvent.run(offset, group, device, name, time, data, flags);
  }

  #findRepeats(turn: AppendMessage, head: number): Repeats | undefined {
    if (turn.packets.length === 0 && turn.ids.length === 0) return undefined;
    const repeats: Repeats = { rows: new Set(), events: new Set() };
    for (const { client, packet, fingerprint, rows, events } of turn.packets) {
      // A reused id whose release was lost carries other content: only the same content is a retransmission.
      if (this.#findPacket.get(client, packet)?.['fingerprint'] !== fingerprint) {
        this.#addPacket.run(client, packet, fingerprint);
        continue;
      }
      for (let row = rows.from; row < rows.to; row += 1) repeats.rows.add(row);
      for (let event = events.from; event < events.to; event += 1) repeats.events.add(event);
    }
    for (const id of turn.ids) {
      const isNew = this.#addId.run(id.key, head).changes === 1;
      if (isNew) this.#idsRemembered += 1;
      else if ('row' in id) repeats.rows.add(id.row);
      else repeats.events.add(id.event);
    }
    this.#forgetOldIds();
    return repeats;
  }
}

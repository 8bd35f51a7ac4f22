/**
 * Writes one turn of appends into the hot table and the events, inside the caller's transaction.
 * Offsets are given here: one sequence over readings and events, in the order of arrival, without holes.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { limits } from '#contract/limits.ts';
import { prepareMany, rowsTogether } from './many-rows.ts';
import { cellsPerRow, type AppendMessage, type Dropped, type EventRow, type TurnDone } from './messages.ts';
import { QuarantineTable } from './quarantine-table.ts';
import { isText } from './rows.ts';

/** Indexes within the turn. */
interface Repeats {
  readonly rows: Set<number>;
  readonly events: Set<number>;
}

const hotColumns = 6;

export class Appender {
  readonly #quarantine: QuarantineTable;
  readonly #dropped: (what: Dropped) => void;
  readonly #addSeries: StatementSync;
  readonly #addRow: StatementSync;
  readonly #addRows: StatementSync;
  /** What the next statement for many rows binds. */
  readonly #cells: SQLInputValue[] = Array.from({ length: rowsTogether * hotColumns }, () => null);
  readonly #addEvent: StatementSync;
  readonly #addId: StatementSync;
  readonly #forgetIds: StatementSync;
  readonly #findPacket: StatementSync;
  readonly #addPacket: StatementSync;
  readonly #forgetPackets: StatementSync;

  /** @param dropped hears what a bounded table let go */
  constructor(database: DatabaseSync, dropped: (what: Dropped) => void) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#quarantine = new QuarantineTable(database);
    this.#dropped = dropped;
    this.#addSeries = prepare(`
      INSERT INTO series VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET line = excluded.line WHERE line = ''`);
    this.#addRow = prepare('INSERT INTO hot VALUES (?, ?, ?, ?, ?, ?)');
    this.#addRows = prepareMany(database, 'hot', hotColumns);
    this.#addEvent = prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#addId = prepare('INSERT OR IGNORE INTO remembered_ids (key) VALUES (?)');
    this.#forgetIds = prepare(
      'DELETE FROM remembered_ids WHERE seq <= (SELECT max(seq) FROM remembered_ids) - ?',
    );
    this.#findPacket = prepare('SELECT fingerprint FROM packet_ids WHERE client = ? AND packet = ?');
    this.#addPacket = prepare(
      'INSERT OR REPLACE INTO packet_ids (client, packet, fingerprint) VALUES (?, ?, ?)',
    );
    this.#forgetPackets = prepare(
      'DELETE FROM packet_ids WHERE seq <= (SELECT max(seq) FROM packet_ids) - ?',
    );
  }

  /** @param head the newest offset so far */
  append(turn: AppendMessage, head: number): TurnDone {
    for (const { id, group, device, metric, tags, line } of turn.series)
      this.#addSeries.run(id, group, device, metric, tags, line);
    for (const item of turn.quarantine) this.#quarantine.add(item).forEach(this.#dropped);
    const repeats = this.#findRepeats(turn);
    return {
      kind: 'appended',
      turn: turn.turn,
      first: head + 1,
      head: this.#write(turn, head, repeats),
      repeatedRows: [...repeats.rows],
      repeatedEvents: [...repeats.events],
    };
  }

  #write(turn: AppendMessage, head: number, repeats: Repeats): number {
    const { events, count } = turn;
    let offset = head;
    let event = 0;
    let bound = 0;
    for (let row = 0; row <= count; row += 1) {
      for (let next = events[event]; next !== undefined && next.row === row; next = events[event]) {
        if (!repeats.events.has(event)) this.#writeEvent((offset += 1), next);
        event += 1;
      }
      if (row === count || repeats.rows.has(row)) continue;
      this.#bind(bound, (offset += 1), turn, row);
      bound += 1;
      if (bound < rowsTogether) continue;
      this.#addRows.run(...this.#cells);
      bound = 0;
    }
    for (let from = 0; from < bound * hotColumns; from += hotColumns)
      this.#addRow.run(...this.#cells.slice(from, from + hotColumns));
    return offset;
  }

  /** @param place among the rows that are inserted together */
  #bind(place: number, offset: number, { rows, texts }: AppendMessage, row: number): void {
    const [cells, at, cell] = [this.#cells, place * hotColumns, row * cellsPerRow];
    const flags = rows[cell + 2] ?? 0;
    const value = rows[cell + 3] ?? Number.NaN;
    cells[at] = offset;
    cells[at + 1] = rows[cell] ?? 0;
    cells[at + 2] = rows[cell + 1] ?? 0;
    cells[at + 3] = isText(flags) ? null : value;
    cells[at + 4] = isText(flags) ? (texts[value] ?? '') : null;
    cells[at + 5] = flags;
  }

  #writeEvent(offset: number, event: EventRow): void {
    const { group, device, name, time, data, flags } = event;
    this.#addEvent.run(offset, group, device, name, time, data, flags);
  }

  #findRepeats({ packets, ids }: AppendMessage): Repeats {
    const repeats: Repeats = { rows: new Set(), events: new Set() };
    for (const { client, packet, fingerprint, rows, events } of packets) {
      // A reused id whose release was lost carries other content: only the same content is a retransmission.
      if (this.#findPacket.get(client, packet)?.['fingerprint'] !== fingerprint) {
        this.#addPacket.run(client, packet, fingerprint);
        continue;
      }
      for (let row = rows.from; row < rows.to; row += 1) repeats.rows.add(row);
      for (let event = events.from; event < events.to; event += 1) repeats.events.add(event);
    }
    for (const id of ids) {
      if (this.#addId.run(id.key).changes === 1) continue;
      if ('row' in id) repeats.rows.add(id.row);
      else repeats.events.add(id.event);
    }
    if (packets.length > 0) this.#forget(this.#forgetPackets);
    if (ids.length > 0) this.#forget(this.#forgetIds);
    return repeats;
  }

  #forget(oldest: StatementSync): void {
    const by = Number(oldest.run(limits.rememberedIds).changes);
    if (by > 0) this.#dropped({ kind: 'dropped', table: 'remembered-ids', by });
  }
}

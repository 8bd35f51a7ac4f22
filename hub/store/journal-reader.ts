/** Reads what is by offset: the journal's pages, the newest reading of every series, events. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CommittedEvent, Json } from '#contract/event.ts';
import type { CommittedReading, Series } from '#contract/reading.ts';
import type { EventQuery, JournalPage } from '#ports';
import { readCells, type HotRow } from './hot-row.ts';
import { cellsPerRow, type PackedPage } from './messages.ts';
import { qualityOf, stampOf, tagsOfText, valueOf } from './rows.ts';

const eventsDefault = 1000;
const sampledRows = 100_000;
/** Looking one up again costs microseconds. */
const seriesRemembered = 50_000;
/** Flags take a byte (rows.ts). */
const seriesShift = 8;

type PackedCells = readonly [seriesAndFlags: number, time: number, content: number | string | null];

interface SeriesNames {
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  readonly tags: string;
}

type LatestRow = HotRow & SeriesNames;

/** A page of newest readings, and the series after which the next one begins; none: there is nothing more. */
export interface LatestPage {
  readonly readings: readonly CommittedReading[];
  readonly last: number | undefined;
}

export class JournalReader {
  readonly #database: DatabaseSync;
  readonly #hot: StatementSync;
  readonly #packed: StatementSync;
  readonly #offsetAt: StatementSync;
  readonly #events: StatementSync;
  readonly #lastEvent: StatementSync;
  readonly #seriesById: StatementSync;
  readonly #latest: StatementSync;
  /** The oldest are forgotten beyond `seriesRemembered`. */
  readonly #series = new Map<number, Series>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#hot = database.prepare(
      'SELECT offset, series, time, value, text, flags FROM hot WHERE offset > ? ORDER BY offset LIMIT ?',
    );
    this.#hot.setReturnArrays(true);
    // What crosses from SQLite is paid by the cell.
    this.#packed = database.prepare(`
      SELECT (series << ${seriesShift}) | flags, time, ifnull(text, value) FROM hot
      WHERE offset > ? ORDER BY offset LIMIT ?`);
    this.#packed.setReturnArrays(true);
    this.#offsetAt = database.prepare(
      'SELECT offset FROM hot WHERE offset > ? ORDER BY offset LIMIT 1 OFFSET ?',
    );
    this.#events = database.prepare('SELECT * FROM events WHERE offset > ? ORDER BY offset LIMIT ?');
    this.#lastEvent = database.prepare('SELECT max(offset) AS offset FROM events');
    this.#seriesById = database.prepare(
      'SELECT grp AS "group", device, metric, tags FROM series WHERE id = ?',
    );
    this.#latest = database.prepare(`
      SELECT offset, series, time, value, text, flags, grp AS "group", device, metric, tags
      FROM latest JOIN series ON id = series WHERE series > ? ORDER BY series LIMIT ?`);
  }

  /** At most `limit` readings and events together, in the order of their offsets. */
  read(after: number, limit: number): JournalPage {
    this.#database.exec('BEGIN');
    try {
      const rows = (this.#hot.all(after, limit + 1) as unknown as readonly unknown[][]).map(readCells);
      const events = this.#events.all(after, limit + 1).map(readEvent);
      const offsets = [...rows, ...events].map(({ offset }) => offset).toSorted((a, b) => a - b);
      const more = offsets.length > limit;
      const end = offsets[Math.min(limit, offsets.length) - 1] ?? after;
      return {
        readings: rows.filter(({ offset }) => offset <= end).map((row) => this.#toReading(row)),
        events: events.filter(({ offset }) => offset <= end),
        offset: end,
        more,
      };
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  /** At most `limit` readings, in columns, in the order of their offsets. */
  pack(after: number, limit: number): PackedPage {
    this.#database.exec('BEGIN');
    try {
      const cells = this.#packed.all(after, limit + 1) as unknown as readonly PackedCells[];
      const count = Math.min(cells.length, limit);
      const rows = new Float64Array(count * cellsPerRow);
      const texts: string[] = [];
      for (let index = 0, at = 0; index < count; index += 1, at += cellsPerRow) {
        const [seriesAndFlags, time, content] = cells[index] as PackedCells;
        rows[at] = Math.floor(seriesAndFlags / (1 << seriesShift));
        rows[at + 1] = time;
        rows[at + 2] = seriesAndFlags & ((1 << seriesShift) - 1);
        rows[at + 3] = typeof content === 'string' ? texts.push(content) - 1 : (content ?? Number.NaN);
      }
      const more = cells.length > limit;
      const last = count === 0 ? after : Number(this.#offsetAt.get(after, count - 1)?.['offset']);
      // Events have offsets of the same sequence: behind the last reading there may be only such.
      return { count, rows, texts, offset: more ? last : Math.max(last, this.#newestEvent()), more };
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  #newestEvent(): number {
    return Number(this.#lastEvent.get()?.['offset'] ?? 0);
  }

  /** Of the rows above an offset: what the texts of one take, on the average of the next, and the next one's time. */
  waiting(after: number): { readonly textBytesPerRow: number; readonly nextTimeMs: number | undefined } {
    const next = this.#database.prepare(`
      SELECT avg(ifnull(length(text), 0)) AS bytes FROM (SELECT text FROM hot WHERE offset > ? ORDER BY offset LIMIT ?)`);
    const [first] = this.#hot.all(after, 1) as unknown as readonly (readonly unknown[])[];
    return {
      textBytesPerRow: Number(next.get(after, sampledRows)?.['bytes'] ?? 0),
      nextTimeMs: first === undefined ? undefined : readCells(first).time / 1000,
    };
  }

  /** The newest reading of each series that has one which is not merged yet. */
  latestUnmerged(): readonly CommittedReading[] {
    const newest = new Map<number, HotRow>();
    const hot = this.#database.prepare(`
      SELECT offset, series, time, value, text, flags FROM hot
      WHERE offset > (SELECT merged FROM merge) ORDER BY offset`);
    hot.setReturnArrays(true);
    for (const cells of hot.iterate() as unknown as Iterable<readonly unknown[]>) {
      const row = readCells(cells);
      const known = newest.get(row.series);
      if (known === undefined || row.time >= known.time) newest.set(row.series, row);
    }
    return [...newest.values()].map((row) => this.#toReading(row));
  }

  /** The newest merged reading of each series, in the order of their numbers. */
  latestMerged(afterSeries: number, limit: number): LatestPage {
    const rows = this.#latest.all(afterSeries, limit) as unknown as readonly LatestRow[];
    const readings = rows.map(({ group, device, metric, tags, value, text, flags, time, offset }) => ({
      ...seriesOfRow({ group, device, metric, tags }),
      timeUs: time,
      value: valueOf(value, text, flags),
      quality: qualityOf(flags),
      ...stampOf(flags),
      offset,
    }));
    return { readings, last: rows.at(-1)?.series };
  }

  /** The newest `limit` of the range, oldest first. */
  events(
    group: string,
    { device, start, end, before, limit = eventsDefault }: EventQuery,
  ): readonly CommittedEvent[] {
    const ofDevice = device === undefined ? '' : 'AND device = :device';
    const statement = this.#database.prepare(`
      SELECT * FROM (
        SELECT * FROM events WHERE grp = :group ${ofDevice} AND time >= :start AND time < :end
          AND (time, offset) < (:beforeTime, :beforeOffset)
        ORDER BY time DESC, offset DESC LIMIT :limit)
      ORDER BY time, offset`);
    const parameters: Record<string, SQLInputValue> = {
      group,
      start: (start ?? 0) * 1000,
      end: (end ?? Number.MAX_SAFE_INTEGER / 1000) * 1000,
      beforeTime: before?.timeUs ?? Number.MAX_SAFE_INTEGER,
      beforeOffset: before?.offset ?? 0,
      limit,
    };
    if (device !== undefined) parameters['device'] = device;
    return statement.all(parameters).map(readEvent);
  }

  #toReading(row: HotRow): CommittedReading {
    return {
      ...this.#seriesOf(row.series),
      timeUs: row.time,
      value: valueOf(row.value, row.text, row.flags),
      quality: qualityOf(row.flags),
      ...stampOf(row.flags),
      offset: row.offset,
    };
  }

  /** They have other names now. */
  forgetSeries(ids: readonly number[]): void {
    for (const id of ids) this.#series.delete(id);
  }

  #seriesOf(id: number): Series {
    const known = this.#series.get(id);
    if (known !== undefined) return known;
    const row = this.#seriesById.get(id) as unknown as SeriesNames;
    const series = seriesOfRow(row);
    if (this.#series.size >= seriesRemembered)
      for (const oldest of this.#series.keys()) {
        this.#series.delete(oldest);
        break;
      }
    this.#series.set(id, series);
    return series;
  }
}

function seriesOfRow({ group, device, metric, tags: text }: SeriesNames): Series {
  const tags = tagsOfText(text);
  return tags === undefined ? { group, device, metric } : { group, device, metric, tags };
}

function readEvent(row: Readonly<Record<string, unknown>>): CommittedEvent {
  return {
    offset: Number(row['offset']),
    group: String(row['grp']),
    device: String(row['device']),
    name: String(row['name']),
    timeUs: Number(row['time']),
    data: JSON.parse(String(row['data'])) as Json,
    stampedBy: stampOf(Number(row['flags'])).stampedBy,
  };
}

/**
 * The journal as its follower reads it: rows come over from the reader thread in columns, and each series once, because
 * what is followed is many readings of few series. In the hub's thread.
 */
import type { SpoolStatus } from '#contract/status.ts';
import type { FollowedPage, FollowedReading, FollowedSeries, JournalFollower } from '#ports';
import { letGo } from './let-go.ts';
import { cellsPerRow, type PackedPage, type SeriesRow } from './messages.ts';
import { formOf, isLine, isText, lineOfText, qualityOf, tagsOfText, valueOf } from './rows.ts';
import type { Spool } from './spool.ts';

export interface FollowerReader {
  packJournal(after: number, limit: number): Promise<PackedPage>;
  seriesRows(ids: readonly number[]): Promise<readonly SeriesRow[]>;
}

export class StoreFollower implements JournalFollower {
  readonly #spool: Spool;
  readonly #reader: FollowerReader;
  /** Bounded by `limits.seriesTotal`. */
  readonly #series = new Map<number, FollowedSeries>();

  constructor(spool: Spool, reader: FollowerReader) {
    this.#spool = spool;
    this.#reader = reader;
  }

  position(): number {
    return this.#spool.position();
  }

  moveTo(offset: number): Promise<number> {
    return this.#spool.moveTo(offset);
  }

  spool(): SpoolStatus {
    return this.#spool.spool();
  }

  async read(after: number, limit: number): Promise<FollowedPage> {
    const page = await this.#reader.packJournal(after, limit);
    await this.#learn(page);
    const readings = Array.from({ length: page.count }, (_, row) => this.#readingOf(page, row));
    letGo(page.rows);
    return { readings, offset: page.offset, more: page.more };
  }

  /** Asks for the series that are not known yet, or by no name although a reading came with one. */
  async #learn({ rows, count }: PackedPage): Promise<void> {
    const asked = new Set<number>();
    for (let cell = 0; cell < count * cellsPerRow; cell += cellsPerRow) {
      const id = rows[cell] ?? 0;
      const known = this.#series.get(id);
      if (known === undefined || (known.line === undefined && isLine(rows[cell + 2] ?? 0))) asked.add(id);
    }
    if (asked.size === 0) return;
    for (const row of await this.#reader.seriesRows([...asked])) this.#series.set(row.id, seriesOf(row));
  }

  #readingOf({ rows, texts }: PackedPage, row: number): FollowedReading {
    const cell = row * cellsPerRow;
    const id = rows[cell] ?? 0;
    const series = this.#series.get(id);
    if (series === undefined)
      throw new Error(`The journal names a series ${id} that the file does not have.`);
    const flags = rows[cell + 2] ?? 0;
    const content = rows[cell + 3] ?? Number.NaN;
    return {
      series,
      timeUs: rows[cell + 1] ?? 0,
      value: valueOf(content, isText(flags) ? (texts[content] ?? '') : null, flags),
      quality: qualityOf(flags),
      isLine: series.line !== undefined && isLine(flags),
      form: formOf(flags),
    };
  }
}

function seriesOf({ group, device, metric, tags: text, line }: SeriesRow): FollowedSeries {
  const tags = tagsOfText(text);
  return { group, device, metric, ...(tags !== undefined && { tags }), line: lineOfText(line) };
}

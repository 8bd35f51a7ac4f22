/**
 * Answers history: merged readings from the clustered tables, and what is not merged yet from the hot one, each
 * reading exactly once. Buckets come from the tiers where these fit.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '#contract/limits.ts';
import type { LastAnswer, LastQuery, LastReading } from '#contract/view.ts';
import type { RangeQuery } from '#ports';
import { Buckets } from './buckets.ts';
import { keepOldest, named, packBuckets, toPoint } from './history-answer.ts';
import type { SeriesHead, TimedCells } from './history-answer.ts';
import { FineReader } from './fine-reader.ts';
import { HistoryTail } from './history-tail.ts';
import type { PackedAnswer, PackedSeries } from './packed.ts';
import { planSegments, type Segment } from './history-plan.ts';
import { oldestRows, type RowSource } from './oldest-rows.ts';
import type { Cells } from './rows.ts';
import { fold, foldFirst, foldIn, tierWidthUs, type Fold } from './tiers.ts';

/** More series match than one query may ask for. */
export interface TooManySeries {
  readonly tooManySeries: number;
}

/** They have more buckets than one answer may hold. */
export interface TooManyBuckets {
  readonly tooManyBuckets: true;
}

export type HistoryResult = PackedAnswer | TooManySeries | TooManyBuckets;
/** Stops where other work may come between: every few milliseconds. */
export type HistorySteps<Result = HistoryResult> = Generator<undefined, Result, undefined>;

const chunkRows = 4096;
const firstsAtOnce = 256;
/** Flags take a byte. What crosses from SQLite is paid by the cell. */
const subShift = 8;

export class HistoryReader {
  readonly #database: DatabaseSync;
  readonly #tail: HistoryTail;
  readonly #findSeries: StatementSync;
  readonly #raw: StatementSync;
  readonly #newest: StatementSync;
  readonly #tier: StatementSync;
  readonly #fine: FineReader;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#tail = new HistoryTail(database);
    this.#fine = new FineReader(database);
    this.#findSeries = database.prepare(`
      SELECT id, device, metric, tags, ifnull(floors.time, 0) AS floor
      FROM series LEFT JOIN floors ON floors.series = series.id
      WHERE grp = :group AND device IN (SELECT value FROM json_each(:devices))
        AND (:metrics IS NULL OR EXISTS
          (SELECT 1 FROM json_each(:metrics) AS wanted WHERE series.metric GLOB wanted.value))
      ORDER BY device, metric, tags LIMIT :limit`);
    this.#raw = database.prepare(`
      SELECT time, ifnull(text, value), flags | (sub << ${subShift}) FROM raw
      WHERE series = ? AND (time, sub) > (?, ?) AND time < ? ORDER BY time, sub LIMIT ?`);
    this.#raw.setReturnArrays(true);
    this.#newest = database.prepare(`
      SELECT time, value, text, flags FROM raw WHERE series = ? AND time < ? ORDER BY time DESC, sub DESC LIMIT 1`);
    this.#tier = database.prepare(`
      SELECT time, count, min, max, sum, readings, last_time, ifnull(last_text, last_value), last_flags FROM tiers
      WHERE width = ? AND series = ? AND time > ? AND time < ? ORDER BY time LIMIT ?`);
    this.#tier.setReturnArrays(true);
  }

  /**
   * Series without a reading in the range are left out. In one transaction from the first step to the last, so that what
   * is merged meanwhile is seen where it was: one question at a time.
   */
  *answer(group: string, query: RangeQuery): HistorySteps {
    const { start, end, window, limit = limits.historyPoints } = query;
    const range = { start: Math.round(start * 1000), end: Math.round(end * 1000) };
    this.#database.exec('BEGIN');
    try {
      const heads = this.#heads(group, query);
      if ('tooManySeries' in heads) return heads;
      const answer =
        window === undefined
          ? this.#points(heads, range, limit)
          : yield* this.#buckets(heads, range, { ...query, widthUs: Math.round(window * 1000) });
      return 'series' in answer ? { ...answer, offset: this.#tail.head() } : answer;
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  lastAt(group: string, { at, ...selection }: LastQuery): LastAnswer | TooManySeries {
    const end = at === undefined ? Number.MAX_SAFE_INTEGER : Math.round(at * 1000) + 1;
    this.#database.exec('BEGIN');
    try {
      const heads = this.#heads(group, selection);
      return 'tooManySeries' in heads ? heads : { series: this.#lastOf(heads, end) };
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  #lastOf(heads: readonly SeriesHead[], end: number): readonly LastReading[] {
    const tails = this.#tail.rows(idsOf(heads), { start: 0, end });
    const series = heads.map((head): LastReading | undefined => {
      const found = this.#newest.get(head.id, end) as unknown as TimedCells | undefined;
      const merged = found !== undefined && found.time >= head.floor ? found : undefined;
      const fresh = shown(tails.get(head.id), head).at(-1);
      const last = merged !== undefined && !(fresh && fresh.time >= merged.time) ? merged : fresh;
      return last && { ...named(head), point: toPoint(last) };
    });
    return series.filter((one) => one !== undefined);
  }

  #heads(
    group: string,
    { devices, metrics }: Pick<RangeQuery, 'devices' | 'metrics'>,
  ): readonly SeriesHead[] | TooManySeries {
    const heads = this.#findSeries.all({
      group,
      devices: JSON.stringify(devices),
      metrics: metrics === undefined ? null : JSON.stringify(metrics),
      limit: limits.historySeries + 1,
    }) as unknown as readonly SeriesHead[];
    return heads.length > limits.historySeries ? { tooManySeries: heads.length } : heads;
  }

  #points(heads: readonly SeriesHead[], range: Range, limit: number): PackedAnswer {
    const tails = this.#tail.rows(idsOf(heads), range);
    const sources = heads.map((head) => this.#rawSource(head.id, aboveFloor(range, head)));
    // One more than asked for tells whether there is more.
    const oldest = oldestRows(sources, limit + 1);
    const all = heads.map((head, index) => {
      const merged = oldest[index] ?? [];
      const fresh = shown(tails.get(head.id), head);
      return fresh.length === 0 ? merged : [...merged, ...fresh].toSorted((a, b) => a.time - b.time);
    });
    const total = all.reduce((sum, rows) => sum + rows.length, 0);
    const truncated = total > limit;
    const kept = truncated ? keepOldest(all, limit) : all;
    const series = heads.map((head, index) => ({ ...named(head), points: (kept[index] ?? []).map(toPoint) }));
    return { series: series.filter(({ points }) => points.length > 0), truncated };
  }

  *#buckets(
    heads: readonly SeriesHead[],
    range: Range,
    { widthUs, aggregates }: BucketQuery,
  ): HistorySteps<PackedAnswer | TooManyBuckets> {
    const tails = this.#tail.rows(idsOf(heads), range);
    const series: PackedSeries[] = [];
    let count = 0;
    for (const head of heads) {
      const buckets = new Buckets(head.id, widthUs);
      const above = aboveFloor(range, head);
      for (const segment of planSegments(above.start, above.end, widthUs))
        yield* this.#foldSegment(head.id, segment, { buckets, widthUs });
      for (const row of shown(tails.get(head.id), head)) fold(buckets.at(row.time), row.time, row);
      yield;
      const filled = buckets.inOrder();
      if (filled.length === 0) continue;
      if ((count += filled.length) > limits.historyBuckets) return { tooManyBuckets: true };
      if (aggregates?.includes('first') === true)
        yield* this.#findFirsts(head.id, filled, { ...above, widthUs });
      series.push({ ...named(head), packed: packBuckets(filled, aggregates) });
    }
    const areNamed = aggregates !== undefined;
    return { window: widthUs / 1000, series, truncated: false, areNamed };
  }

  *#foldSegment(
    series: number,
    { from, start, end }: Segment,
    { buckets, widthUs }: { readonly buckets: Buckets; readonly widthUs: number },
  ): HistorySteps<void> {
    if (from === 'raw') {
      const range = { start, end };
      const left = this.#fine.serves(widthUs) ? this.#fine.fold(series, range, buckets) : [range];
      for (const part of left) yield* this.#foldRaw(series, part, buckets);
      return;
    }
    const page = (after: number): readonly TierCells[] =>
      this.#tier.all(tierWidthUs[from], series, after, end, chunkRows) as unknown as readonly TierCells[];
    for (let after = start - 1, rows = page(after); rows.length > 0; rows = page(after)) {
      for (const [time, count, min, max, sum, readings, lastTime, content, flags] of rows) {
        const last = cellsOf([time, content, flags]);
        const numbers = { count, min: min ?? Number.NaN, max: max ?? Number.NaN, sum: sum ?? 0, readings };
        foldIn(buckets.at(time), { ...numbers, lastTime, last });
        after = time;
      }
      if (rows.length < chunkRows) return;
      yield;
    }
  }

  *#foldRaw(series: number, range: Range, buckets: Buckets): HistorySteps<void> {
    for (const chunk of this.#rawChunks(series, range)) {
      for (const row of chunk) fold(buckets.at(row[0]), row[0], cellsOf(row));
      if (chunk.length === chunkRows) yield;
    }
  }

  /** A tier keeps no first reading: it is looked up, one step into the clustered table a bucket. */
  *#findFirsts(
    series: number,
    buckets: readonly Fold[],
    range: Range & { readonly widthUs: number },
  ): HistorySteps<void> {
    for (const [place, bucket] of buckets.entries()) {
      if (place % firstsAtOnce === firstsAtOnce - 1) yield;
      const start = Math.max(bucket.time, range.start);
      const end = Math.min(bucket.time + range.widthUs, range.end);
      const [first] = this.#rawSource(series, { start, end }).next(1);
      // Of one instant the merged reading came first.
      if (first !== undefined && first.time <= bucket.firstTime) {
        bucket.firstTime = Number.POSITIVE_INFINITY;
        foldFirst(bucket, first.time, first);
      }
    }
  }

  /** Fetching rows by the thousand costs half of what stepping through them does. */
  *#rawChunks(series: number, range: Range): Generator<readonly RawCells[]> {
    const next = this.#rawReader(series, range);
    for (let rows = next(chunkRows); ; rows = next(chunkRows)) {
      yield rows;
      if (rows.length < chunkRows) return;
    }
  }

  #rawSource(series: number, range: Range): RowSource<TimedCells> {
    const next = this.#rawReader(series, range);
    return { next: (most) => next(most).map((row) => ({ time: row[0], ...cellsOf(row) })) };
  }

  /** Each call reads on behind the rows of the one before. */
  #rawReader(series: number, { start, end }: Range): (most: number) => readonly RawCells[] {
    let [time, sub] = [start, -1];
    return (most) => {
      const rows = this.#raw.all(series, time, sub, end, most) as unknown as readonly RawCells[];
      const last = rows.at(-1);
      if (last !== undefined) [time, sub] = [last[0], last[2] >> subShift];
      return rows;
    };
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

type BucketQuery = Pick<RangeQuery, 'aggregates'> & { readonly widthUs: number };

type RawCells = readonly [time: number, content: number | string | null, flagsAndSub: number];
type TierCells = readonly [
  time: number,
  count: number,
  min: number | null,
  max: number | null,
  sum: number | null,
  readings: number,
  lastTime: number,
  lastContent: number | string | null,
  lastFlags: number,
];

function cellsOf([, content, flagsAndSub]: RawCells): Cells {
  const flags = flagsAndSub & ((1 << subShift) - 1);
  return typeof content === 'string'
    ? { value: null, text: content, flags }
    : { value: content, text: null, flags };
}

function idsOf(heads: readonly SeriesHead[]): readonly number[] {
  return heads.map(({ id }) => id);
}

/** What lies below the floor of a series is being deleted. */
function aboveFloor({ start, end }: Range, { floor }: SeriesHead): Range {
  return { start: Math.max(start, floor), end };
}

function shown<Row extends TimedCells>(rows: readonly Row[] = [], { floor }: SeriesHead): readonly Row[] {
  return floor === 0 ? rows : rows.filter(({ time }) => time >= floor);
}

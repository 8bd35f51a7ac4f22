/**
 * Answers history: merged readings from the clustered tables, and what is not merged yet from the hot one, each
 * reading exactly once. Buckets come from the tiers where these fit.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '#contract/limits.ts';
import type { BucketPoint, HistoryAnswer, HistoryQuery, HistorySeries, RawPoint } from '#contract/view.ts';
import { Buckets } from './buckets.ts';
import { HistoryTail } from './history-tail.ts';
import { planSegments, type Segment } from './history-plan.ts';
import { isNumber, qualityOf, tagsOfText, valueOf, type Cells } from './rows.ts';
import { fold, foldIn, tierWidthUs, type Fold } from './tiers.ts';

/** More series match than one query may ask for. */
export interface TooManySeries {
  readonly tooManySeries: number;
}

interface SeriesHead {
  readonly id: number;
  readonly device: string;
  readonly metric: string;
  readonly tags: string;
}

interface TimedCells extends Cells {
  readonly time: number;
}

const chunkRows = 4096;

export class HistoryReader {
  readonly #database: DatabaseSync;
  readonly #tail: HistoryTail;
  readonly #findSeries: StatementSync;
  readonly #raw: StatementSync;
  readonly #tier: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#tail = new HistoryTail(database);
    this.#findSeries = database.prepare(`
      SELECT id, device, metric, tags FROM series
      WHERE grp = :group AND device IN (SELECT value FROM json_each(:devices))
        AND (:metrics IS NULL OR EXISTS
          (SELECT 1 FROM json_each(:metrics) AS wanted WHERE series.metric GLOB wanted.value))
      ORDER BY device, metric, tags LIMIT :limit`);
    this.#raw = database.prepare(`
      SELECT time, value, text, flags, sub FROM raw
      WHERE series = ? AND (time, sub) > (?, ?) AND time < ? ORDER BY time, sub LIMIT ?`);
    this.#raw.setReturnArrays(true);
    this.#tier = database.prepare(`
      SELECT time, count, min, max, sum, last_time, last_value, last_text, last_flags FROM tiers
      WHERE width = ? AND series = ? AND time >= ? AND time < ?`);
    this.#tier.setReturnArrays(true);
  }

  /**
   * Raw points, or buckets when the query names a `window`; `maxPoints` is the planner's business, not ours.
   * Series without a reading in the range are left out.
   */
  query(group: string, query: HistoryQuery): HistoryAnswer | TooManySeries {
    this.#database.exec('BEGIN');
    try {
      const heads = this.#findSeries.all({
        group,
        devices: JSON.stringify(query.devices),
        metrics: query.metrics === undefined ? null : JSON.stringify(query.metrics),
        limit: limits.historySeries + 1,
      }) as unknown as readonly SeriesHead[];
      if (heads.length > limits.historySeries) return { tooManySeries: heads.length };
      const start = Math.ceil(query.start * 1000);
      const end = Math.ceil((query.end ?? Number.MAX_SAFE_INTEGER / 1000) * 1000);
      return query.window === undefined
        ? this.#points(heads, { start, end }, query.limit ?? limits.historyPoints)
        : this.#buckets(heads, { start, end }, query.window);
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  #points(heads: readonly SeriesHead[], range: Range, limit: number): HistoryAnswer {
    const tails = this.#tail.rows(
      heads.map(({ id }) => id),
      range,
    );
    const all = heads.map((head) => {
      const merged = this.#readRaw(head.id, range, limit + 1);
      const fresh = tails.get(head.id) ?? [];
      return fresh.length === 0 ? merged : [...merged, ...fresh].toSorted((a, b) => a.time - b.time);
    });
    const total = all.reduce((sum, rows) => sum + rows.length, 0);
    const truncated = total > limit;
    const kept = truncated ? keepOldest(all, limit) : all;
    const series = heads.map((head, index) => ({ ...named(head), points: (kept[index] ?? []).map(toPoint) }));
    return { series: series.filter(({ points }) => points.length > 0), truncated };
  }

  #buckets(heads: readonly SeriesHead[], range: Range, window: number): HistoryAnswer {
    const widthUs = Math.round(window * 1000);
    const segments = planSegments(range.start, range.end, widthUs);
    const tails = this.#tail.rows(
      heads.map(({ id }) => id),
      range,
    );
    const series: HistorySeries[] = [];
    for (const head of heads) {
      const buckets = new Buckets(head.id, widthUs);
      for (const segment of segments) this.#foldSegment(head.id, segment, buckets);
      for (const row of tails.get(head.id) ?? [])
        fold(buckets.at(row.time), row.time, row, isNumber(row.flags));
      const filled = buckets.inOrder();
      if (filled.length > 0) series.push({ ...named(head), buckets: filled.map(toBucket) });
    }
    return { window: widthUs / 1000, series, truncated: false };
  }

  #foldSegment(series: number, { from, start, end }: Segment, buckets: Buckets): void {
    if (from === 'raw') {
      for (const chunk of this.#rawChunks(series, { start, end }))
        for (const [time, value, text, flags] of chunk)
          fold(buckets.at(time), time, { value, text, flags }, isNumber(flags));
      return;
    }
    const rows = this.#tier.iterate(tierWidthUs[from], series, start, end) as unknown as Iterable<TierCells>;
    for (const cells of rows) {
      const [time, count, min, max, sum, lastTime, value, text, flags] = cells;
      const numbers = { count, min: min ?? Number.NaN, max: max ?? Number.NaN, sum: sum ?? 0 };
      foldIn(buckets.at(time), { ...numbers, lastTime, last: { value, text, flags } });
    }
  }

  /** Fetching rows by the thousand costs half of what stepping through them does. */
  *#rawChunks(series: number, { start, end }: Range): Generator<readonly RawCells[]> {
    let [time, sub] = [start, -1];
    for (;;) {
      const rows = this.#raw.all(series, time, sub, end, chunkRows) as unknown as readonly RawCells[];
      yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < chunkRows) return;
      [time, , , , sub] = last;
    }
  }

  #readRaw(series: number, { start, end }: Range, limit: number): readonly TimedCells[] {
    const rows = this.#raw.all(series, start, -1, end, limit) as unknown as readonly RawCells[];
    return rows.map(([time, value, text, flags]) => ({ time, value, text, flags }));
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

type RawCells = readonly [
  time: number,
  value: number | null,
  text: string | null,
  flags: number,
  sub: number,
];
type TierCells = readonly [
  time: number,
  count: number,
  min: number | null,
  max: number | null,
  sum: number | null,
  lastTime: number,
  value: number | null,
  text: string | null,
  flags: number,
];

function named({ device, metric, tags }: SeriesHead): Pick<HistorySeries, 'device' | 'metric' | 'tags'> {
  const parsed = tagsOfText(tags);
  return parsed === undefined ? { device, metric } : { device, metric, tags: parsed };
}

/** The `limit` oldest of all series together; among equals the earlier series first. */
function keepOldest(
  all: readonly (readonly TimedCells[])[],
  limit: number,
): readonly (readonly TimedCells[])[] {
  const times = all.flatMap((rows) => rows.map(({ time }) => time)).toSorted((a, b) => a - b);
  const last = times[limit - 1] ?? 0;
  let ofLast = limit - times.findIndex((time) => time === last);
  return all.map((rows) => rows.filter(({ time }) => time < last || (time === last && ofLast-- > 0)));
}

function toPoint({ time, value, text, flags }: TimedCells): RawPoint {
  const quality = qualityOf(flags);
  const timeMs = time / 1000;
  const shown = valueOf(value, text, flags);
  return quality === 'good' ? [timeMs, shown] : [timeMs, shown, quality];
}

function toBucket({ time, count, min, max, sum, last }: Fold): BucketPoint {
  const shown = valueOf(last.value, last.text, last.flags);
  const timeMs = time / 1000;
  return count === 0 ? [timeMs, null, null, null, 0, shown] : [timeMs, min, max, sum / count, count, shown];
}

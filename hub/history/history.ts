/**
 * History as people ask for it: a range and how many points fit their screen. Decides between raw points and buckets,
 * and how wide a bucket is; a bucket keeps its minimum and maximum, so a spike never vanishes.
 */
import { RequestError, tooManyBuckets } from '#contract/errors.ts';
import type { CommittedEvent } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import type { HistoryAnswer, HistoryQuery, HistorySeries, LastAnswer, LastQuery } from '#contract/view.ts';
import type { Clock, EventQuery, History, HistoryStore, RangeQuery, ReadingStore } from '#ports';
import { cursorAfter, parseCursor, withoutGiven } from './cursor.ts';
import { fillRows } from './fill.ts';
import { bucketsIn, windowFor, type Range } from './window.ts';

const eventsDefault = 1000;

export interface HistoryOptions {
  readonly store: Pick<HistoryStore, 'events'>;
  /** What answers for readings: the store itself, or a database behind the hub. */
  readonly readings: ReadingStore;
  readonly clock: Clock;
}

export class HistoryService implements History {
  readonly #store: Pick<HistoryStore, 'events'>;
  readonly #readings: ReadingStore;
  readonly #clock: Clock;

  constructor({ store, readings, clock }: HistoryOptions) {
    this.#store = store;
    this.#readings = readings;
    this.#clock = clock;
  }

  /** Without `end`: up to now, and what the clocks of devices that are ahead date later. */
  async query(group: string, query: HistoryQuery): Promise<HistoryAnswer> {
    const { maxPoints } = query;
    const range = this.#range(query.start, query.end);
    const shown = { start: range.start, end: query.end ?? Math.max(this.#nowMs(), range.start + 1) };
    const window = query.window ?? (maxPoints === undefined ? undefined : windowFor(shown, maxPoints));
    if (window === undefined) return this.#points(group, query, range);
    const { aggregates, fill = 'none' } = checkedBuckets(query);
    const plan = { ...selected(query), ...range, window: checkedWindow(window, range) };
    const answer = await this.#readings.query(group, {
      ...plan,
      ...(aggregates !== undefined && { aggregates }),
    });
    const isFilled = fill !== 'none';
    if (isFilled && answer.series.length * bucketsIn(shown, window) > limits.historyBuckets)
      throw tooManyBuckets();
    const series = answer.series.map((one): HistorySeries => {
      if (one.rows === undefined || aggregates === undefined) return one;
      return { ...one, rows: fillRows(one.rows, fill, { window, ...shown, aggregates }) };
    });
    return { ...answer, series: maxPoints === undefined ? series : series.map(newest(maxPoints)) };
  }

  async *pages(group: string, query: HistoryQuery): AsyncGenerator<HistoryAnswer> {
    if (query.window !== undefined || query.maxPoints !== undefined)
      return yield await this.query(group, query);
    // The end stays where it was when the first page was asked for: devices may send quicker than pages are read.
    const { end } = this.#range(query.start, query.end);
    let cursor = query.cursor;
    do {
      const page = await this.query(group, { ...query, end, ...(cursor !== undefined && { cursor }) });
      yield page;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  async lastAt(group: string, query: LastQuery): Promise<LastAnswer> {
    const { at } = query;
    if (at !== undefined && !Number.isFinite(at))
      throw new RequestError(400, 'invalid-range', 'The time is in epoch milliseconds.');
    return this.#readings.lastAt(group, query);
  }

  async events(group: string, query: EventQuery): Promise<readonly CommittedEvent[]> {
    const range = this.#range(query.start ?? 0, query.end);
    const limit = checkedLimit(query.limit ?? eventsDefault);
    return this.#store.events(group, { device: query.device, before: query.before, ...range, limit });
  }

  async #points(group: string, query: HistoryQuery, range: Range): Promise<HistoryAnswer> {
    if (query.aggregates !== undefined || query.fill !== undefined)
      throw new RequestError(
        400,
        'invalid-aggregates',
        'Aggregates are of buckets: add window or maxPoints.',
      );
    const limit = checkedLimit(query.limit ?? limits.historyPoints);
    const cursor = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    if (cursor === undefined)
      return withCursor(await this.#readings.query(group, { ...selected(query), ...range, limit }));
    if (cursor.time < range.start || cursor.time >= range.end)
      throw new RequestError(400, 'invalid-cursor', 'The cursor lies outside the range: ask as before.');
    const from = { ...selected(query), start: cursor.time, end: range.end, limit: limit + cursor.given };
    const answer = await this.#readings.query(group, from);
    return withCursor(withoutGiven(answer, cursor), cursor);
  }

  #range(start: number, end = this.#nowMs() + limits.futureSkewUs / 1000): Range {
    if (!Number.isFinite(start) || !Number.isFinite(end))
      throw new RequestError(400, 'invalid-range', 'Start and end are times in epoch milliseconds.');
    if (start >= end)
      throw new RequestError(400, 'invalid-range', 'The start of the range lies before its end.');
    return { start, end };
  }

  #nowMs(): number {
    return this.#clock.nowUs() / 1000;
  }
}

function selected({ devices, metrics }: HistoryQuery): Pick<RangeQuery, 'devices' | 'metrics'> {
  return { devices, ...(metrics !== undefined && { metrics }) };
}

function withCursor(answer: HistoryAnswer, before?: ReturnType<typeof parseCursor>): HistoryAnswer {
  if (!answer.truncated) return answer;
  const cursor = cursorAfter(answer, before);
  return cursor === undefined ? answer : { ...answer, cursor };
}

function checkedBuckets({
  aggregates,
  fill,
  cursor,
}: HistoryQuery): Pick<HistoryQuery, 'aggregates' | 'fill'> {
  if (fill !== undefined && aggregates === undefined)
    throw new RequestError(400, 'invalid-fill', 'What fills a bucket is said of aggregates: name them.');
  if (cursor !== undefined)
    throw new RequestError(400, 'invalid-cursor', 'Buckets come in one answer: a cursor is for raw points.');
  return { ...(aggregates !== undefined && { aggregates }), ...(fill !== undefined && { fill }) };
}

function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= limits.historyPoints) return limit;
  throw new RequestError(400, 'invalid-limit', `The limit is a number from 1 to ${limits.historyPoints}.`);
}

function checkedWindow(window: number, range: Range): number {
  if (!Number.isFinite(window) || window < 1)
    throw new RequestError(400, 'invalid-window', 'The width of a bucket is at least one millisecond.');
  if (bucketsIn(range, window) <= limits.historyPoints + 1) return window;
  const message = `The range has more than ${limits.historyPoints} buckets of this width: shorten it or widen them.`;
  throw new RequestError(422, 'too-many-points', message);
}

/** Readings dated ahead of now may have opened more buckets than were asked for. */
function newest(maxPoints: number): (series: HistorySeries) => HistorySeries {
  return ({ buckets, rows, ...one }) => ({
    ...one,
    ...(buckets !== undefined && { buckets: buckets.slice(-maxPoints) }),
    ...(rows !== undefined && { rows: rows.slice(-maxPoints) }),
  });
}

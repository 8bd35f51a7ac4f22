/**
 * History as people ask for it: a range and how many points fit their screen. Decides between raw points and buckets,
 * and how wide a bucket is; a bucket keeps its minimum and maximum, so a spike never vanishes.
 */
import { RequestError } from '#contract/errors.ts';
import type { CommittedEvent } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import type { HistoryAnswer, HistoryQuery } from '#contract/view.ts';
import type { Clock, EventQuery, History, HistoryStore } from '#ports';
import { bucketsIn, windowFor, type Range } from './window.ts';

const eventsDefault = 1000;

export interface HistoryOptions {
  readonly store: HistoryStore;
  readonly clock: Clock;
}

export class HistoryService implements History {
  readonly #store: HistoryStore;
  readonly #clock: Clock;

  constructor({ store, clock }: HistoryOptions) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Without `end`: up to now, and what the clocks of devices that are ahead date later. */
  async query(group: string, query: HistoryQuery): Promise<HistoryAnswer> {
    const { devices, metrics, maxPoints, limit = limits.historyPoints } = query;
    const range = this.#range(query.start, query.end);
    const shown = { start: range.start, end: query.end ?? Math.max(this.#nowMs(), range.start + 1) };
    const window = query.window ?? (maxPoints === undefined ? undefined : windowFor(shown, maxPoints));
    const asked = { devices, ...(metrics !== undefined && { metrics }), ...range };
    if (window === undefined) return this.#store.query(group, { ...asked, limit: checkedLimit(limit) });
    const answer = await this.#store.query(group, { ...asked, window: checkedWindow(window, range) });
    return maxPoints === undefined ? answer : atMost(answer, maxPoints);
  }

  async events(group: string, query: EventQuery): Promise<readonly CommittedEvent[]> {
    const range = this.#range(query.start ?? 0, query.end);
    const limit = checkedLimit(query.limit ?? eventsDefault);
    return this.#store.events(group, { device: query.device, ...range, limit });
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
function atMost(answer: HistoryAnswer, maxPoints: number): HistoryAnswer {
  const series = answer.series.map((one) => ({ ...one, buckets: one.buckets?.slice(-maxPoints) }));
  return { ...answer, series };
}

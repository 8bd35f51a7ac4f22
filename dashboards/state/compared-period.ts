/**
 * An earlier stretch of time behind the one that is shown: yesterday at this hour, a week ago. Its readings are moved
 * forward in time, so that both lie on one axis.
 */
import { signal } from '@preact/signals';
import type { HistorySeries } from '#contract/view.ts';
import type { Timing } from '../connection/socket-like.ts';
import { SeriesBook } from '../series/series-book.ts';
import type { BookSeries } from '../series/series-book.ts';
import { edgesOf } from './viewport.ts';
import type { Viewport } from './viewport.ts';

/** How far back each period lies, ms; `before` = right before what is shown. */
const distances = { before: undefined, day: 86_400_000, week: 604_800_000, year: 31_536_000_000 } as const;
export type PeriodName = keyof typeof distances;
export const periodNames = Object.keys(distances) as readonly PeriodName[];

/** A wheel that turns asks once, when it rests. */
const settleMs = 200;
/** While the view follows now, this share of its span is fetched ahead: the compared past is known already. */
const aheadShare = 0.1;
const shortestAheadMs = 10_000;

export interface ComparedPeriodParts {
  readonly timing: Timing;
  readonly viewport: () => Viewport;
  /** Rejects never: without an answer there is nothing to compare with. */
  readonly fetch: (edges: { start: number; end: number }) => Promise<readonly HistorySeries[] | undefined>;
  readonly changed: () => void;
}

export class ComparedPeriod {
  readonly choice = signal<PeriodName | undefined>(undefined);
  readonly #parts: ComparedPeriodParts;
  #book: SeriesBook | undefined;
  #cancel: (() => void) | undefined;
  #asked = 0;

  constructor(parts: ComparedPeriodParts) {
    this.#parts = parts;
  }

  choose(choice: PeriodName | undefined): void {
    this.choice.value = choice;
    this.#book = undefined;
    this.#parts.changed();
    this.follow(0);
  }

  find(name: string): BookSeries | undefined {
    return this.#book?.find(name);
  }

  /** The view has moved. */
  follow(waitMs = settleMs): void {
    this.#cancel?.();
    this.#asked += 1;
    const choice = this.choice.peek();
    if (choice === undefined) return;
    this.#cancel = this.#parts.timing.after(waitMs, () => void this.#fetch(choice));
  }

  close(): void {
    this.#asked += 1;
    this.#cancel?.();
  }

  async #fetch(choice: PeriodName): Promise<void> {
    const { timing, viewport, fetch, changed } = this.#parts;
    const asked = this.#asked;
    const shown = viewport();
    const { start, end } = edgesOf(shown, timing.now());
    const backMs = distances[choice] ?? shown.spanMs;
    const aheadMs = Math.max(shortestAheadMs, shown.spanMs * aheadShare);
    const series = await fetch({ start: start - backMs, end: end - backMs + aheadMs });
    if (asked !== this.#asked) return;
    if (series !== undefined) {
      const book = new SeriesBook({ capacity: capacityOf(series), bucketMs: 0 });
      book.load(series.map((one) => later(one, backMs)));
      this.#book = book;
      changed();
    }
    if (shown.endMs === undefined) this.#cancel = timing.after(aheadMs / 2, () => void this.#fetch(choice));
  }
}

function capacityOf(series: readonly HistorySeries[]): number {
  return Math.max(1, ...series.map(({ points, buckets }) => (points ?? buckets ?? []).length));
}

function later(series: HistorySeries, byMs: number): HistorySeries {
  return {
    ...series,
    points: series.points?.map(([timeMs, ...rest]) => [timeMs + byMs, ...rest]),
    buckets: series.buckets?.map(([timeMs, ...rest]) => [timeMs + byMs, ...rest]),
  };
}

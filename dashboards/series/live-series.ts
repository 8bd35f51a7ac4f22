/**
 * Series that are followed: history, then live, in one book. A cut is resumed, a hole is filled by history again, a
 * late reading stands at its own time, and one that comes twice is there once. Framework-free; runs in Node too.
 */
import type { GroupChannel } from '../connection/connection.ts';
import type { ViewState } from '../connection/subscription.ts';
import type { ReadingTuple, Tags } from '#contract/reading.ts';
import { keyOf, SeriesBook, type BookSeries } from './series-book.ts';

export interface LiveSeriesOptions {
  readonly channel: GroupChannel;
  /** Ids, or patterns with `*`; absent = all of the group. */
  readonly devices?: readonly string[];
  readonly metrics?: readonly string[];
  /** Where history begins, epoch ms; asked again at every fresh start. */
  readonly since: () => number;
  /** At most this many points of history per series, as buckets; without it every reading, at most 20,000 in all. */
  readonly maxPoints?: number;
  /** `raw`, every reading, if not said; `latest`: of each window the newest of each series, and all that come late. */
  readonly mode?: 'latest' | 'raw';
  /** Frames per second at most; 10 if not said. */
  readonly maxHz?: number;
  /** Points kept per series; the oldest go. */
  readonly capacity?: number;
  /** Something changed: readings or the state. */
  readonly onChange?: (series: LiveSeries) => void;
}

const defaultCapacity = 20_000;

export class LiveSeries {
  readonly #book: SeriesBook;
  readonly #newest = new Map<string, ReadingTuple>();
  readonly #onChange: (() => void) | undefined;
  readonly #unsubscribe: () => void;
  #state: ViewState = 'connecting';
  #gaps = 0;

  constructor({
    channel,
    since,
    maxPoints,
    mode = 'raw',
    capacity = defaultCapacity,
    onChange,
    ...spec
  }: LiveSeriesOptions) {
    this.#book = new SeriesBook({ capacity, bucketMs: 0 });
    this.#onChange = onChange && (() => onChange(this));
    const { devices, metrics, ...pace } = spec;
    this.#unsubscribe = channel.subscribe(
      {
        ...pace,
        mode,
        ...(devices && { devices: [...devices] }),
        ...(metrics && { metrics: [...metrics] }),
        history: () => ({ start: since(), ...(maxPoints !== undefined && { maxPoints }) }),
      },
      {
        reset: ({ latest, history = [], missed }) => {
          this.#newest.clear();
          this.#book.reset({ history, latest, missed });
          this.#show([...latest, ...missed]);
        },
        readings: (readings) => this.#add(readings),
        gap: (_reason, latest) => {
          this.#gaps += 1;
          this.#add(latest);
        },
        state: (state) => {
          this.#state = state;
          this.#onChange?.();
        },
      },
    );
  }

  get state(): ViewState {
    return this.#state;
  }

  /** Holes that the hub told of; each is filled by history. */
  get gaps(): number {
    return this.#gaps;
  }

  /** Every series with its points, oldest first. */
  all(): readonly BookSeries[] {
    return this.#book.all();
  }

  get(device: string, metric: string, tags?: Tags): BookSeries | undefined {
    return this.#book.get(device, metric, tags);
  }

  /** The newest reading of each series by its own time, whatever its kind of value. */
  newest(): readonly ReadingTuple[] {
    return [...this.#newest.values()];
  }

  close(): void {
    this.#unsubscribe();
  }

  #add(readings: readonly ReadingTuple[]): void {
    this.#book.add(readings);
    this.#show(readings);
  }

  #show(readings: readonly ReadingTuple[]): void {
    for (const tuple of readings) {
      const [device, metric, timeMs, , , tags] = tuple;
      const key = keyOf(device, metric, tags);
      const known = this.#newest.get(key);
      if (known === undefined || timeMs >= known[2]) this.#newest.set(key, tuple);
    }
    this.#onChange?.();
  }
}

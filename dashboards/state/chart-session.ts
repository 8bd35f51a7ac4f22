/**
 * The charts of one device page: holds the live book and, while the reader looks at the past, a second book with what
 * history tells of that stretch. Readings go from the socket into typed arrays here and from there to the canvas;
 * the view library is only told that something is there or not.
 */
import { signal } from '@preact/signals';
import { limits } from '#contract/limits.ts';
import type { ReadingTuple } from '#contract/reading.ts';
import type { HistorySeries } from '#contract/view.ts';
import { HubRefusedError, NoAnswerError } from '../connection/errors.ts';
import type { GroupChannel } from '../connection/connection.ts';
import type { Timing } from '../connection/socket-like.ts';
import { SeriesBook } from '../series/series-book.ts';
import type { BookSeries } from '../series/series-book.ts';
import { ComparedPeriod } from './compared-period.ts';
import { seriesName } from './registry.ts';
import { edgesOf, panned, ranges, zoomed } from './viewport.ts';
import type { RangeName, Viewport } from './viewport.ts';

const pointsDefault = 720;
const fewestPoints = limits.historyBuckets / limits.historySeries;
/** Of all series together; a little less than the hub gives, for those that nobody knew of. */
const bucketsAsked = limits.historyBuckets * 0.9;
const liveHz = 10;
/** A wheel that turns asks once, when it rests. */
const settleMs = 200;
/** Nobody reads numbers that change faster. */
const tellMs = 500;

export class ChartSession {
  readonly range = signal<RangeName>('1h');
  readonly viewport = signal<Viewport>({ spanMs: ranges['1h'] });
  /** Names of the series that have something to draw, sorted: changes only when one comes or goes. */
  readonly series = signal<readonly string[]>([]);
  readonly state = signal<'loading' | 'ready' | 'failed'>('loading');
  readonly failure = signal({ code: '', message: '' });
  /** Grows when history has come: that is drawn at once. */
  readonly fills = signal(0);
  /** Epoch ms of the earliest point of the last answer: before it there is no history. */
  readonly begins = signal<number | undefined>(undefined);
  readonly compared: ComparedPeriod;
  readonly #seriesCount: () => number;
  readonly #channel: GroupChannel;
  readonly #device: string;
  readonly #timing: Timing;
  readonly #onLatest: (readings: readonly ReadingTuple[]) => void;
  #points: number;
  /** The hub gives no history of so many series: what comes live is shown all the same. */
  #hasHistory = true;
  #live: SeriesBook;
  #past: SeriesBook | undefined;
  #unsubscribe: () => void = () => undefined;
  #cancelSettle: (() => void) | undefined;
  /** The newest readings that were not told yet, by series. */
  readonly #untold = new Map<string, ReadingTuple>();
  #cancelTell: (() => void) | undefined;
  #changes = 0;
  #asked = 0;

  constructor(parts: {
    channel: GroupChannel;
    device: string;
    timing: Timing;
    onLatest: (readings: readonly ReadingTuple[]) => void;
    /** Points per series worth asking for: about one per pixel. */
    points?: number;
    /** As far as it is known: one answer has a bound over all of them. */
    seriesCount?: () => number;
  }) {
    this.#points = parts.points ?? pointsDefault;
    this.#seriesCount = parts.seriesCount ?? (() => 1);
    this.#channel = parts.channel;
    this.#device = parts.device;
    this.#timing = parts.timing;
    this.#onLatest = parts.onLatest;
    this.compared = new ComparedPeriod({
      timing: parts.timing,
      viewport: () => this.viewport.peek(),
      fetch: (edges) => this.#earlier(edges),
      changed: () => {
        this.#changes += 1;
        this.fills.value += 1;
      },
    });
    this.#live = this.#newBook();
    this.#follow();
  }

  /** Grows whenever something to draw has changed. */
  get changes(): number {
    return this.#changes;
  }

  find(name: string): BookSeries | undefined {
    return (this.#past ?? this.#live).find(name);
  }

  setRange(range: RangeName): void {
    this.range.value = range;
    this.#move({ spanMs: ranges[range] });
    this.#unsubscribe();
    this.#live = this.#newBook();
    this.#follow();
  }

  zoom(factor: number, atMs: number): void {
    this.#move(zoomed(this.viewport.peek(), factor, atMs, this.#timing.now()));
  }

  /** Around the middle of the view, or its right edge while that is now. */
  zoomIn(factor: number): void {
    const { start, end } = edgesOf(this.viewport.peek(), this.#timing.now());
    this.zoom(factor, this.viewport.peek().endMs === undefined ? end : (start + end) / 2);
  }

  pan(byMs: number): void {
    this.#move(panned(this.viewport.peek(), byMs, this.#timing.now()));
  }

  returnToLive(): void {
    this.#move({ spanMs: ranges[this.range.peek()] });
  }

  close(): void {
    this.#cancelSettle?.();
    this.#cancelTell?.();
    this.compared.close();
    this.#unsubscribe();
  }

  #newBook(): SeriesBook {
    const bucketMs = ranges[this.range.peek()] / this.#pointsEach();
    return new SeriesBook({ capacity: this.#points * 4, bucketMs: bucketMs < 1000 ? 0 : bucketMs });
  }

  #pointsEach(): number {
    return Math.min(this.#points, Math.floor(bucketsAsked / Math.max(1, this.#seriesCount())));
  }

  /** @returns whether asking again brings more */
  #askLess(code: string): boolean {
    if (code === 'too-many-series') this.#hasHistory = false;
    if (code !== 'too-many-buckets' || this.#points <= fewestPoints) return false;
    this.#points = Math.floor(this.#points / 2);
    return true;
  }

  #follow(): void {
    this.state.value = 'loading';
    const book = this.#live;
    this.#unsubscribe = this.#channel.subscribe(
      {
        devices: [this.#device],
        mode: 'raw',
        maxHz: liveHz,
        history: () =>
          this.#hasHistory
            ? { start: this.#timing.now() - ranges[this.range.peek()], maxPoints: this.#pointsEach() }
            : undefined,
      },
      {
        reset: ({ latest, history, missed }) => {
          this.#onLatest(latest);
          if (history !== undefined) return this.#fill(book, { history, latest, missed });
          void this.#fetch(book, { spanMs: ranges[this.range.peek()] }, latest);
        },
        readings: (readings) => {
          this.#tellSoon(readings);
          book.add(readings);
          this.#changed();
        },
        gap: (_reason, latest) => this.#onLatest(latest),
        refused: (code, message) => {
          if (!this.#askLess(code)) this.#fail({ code, message });
        },
      },
    );
  }

  #tellSoon(readings: readonly ReadingTuple[]): void {
    for (const reading of readings) this.#untold.set(seriesName(reading[1], reading[5]), reading);
    this.#cancelTell ??= this.#timing.after(tellMs, () => {
      this.#cancelTell = undefined;
      const told = [...this.#untold.values()];
      this.#untold.clear();
      this.#onLatest(told);
    });
  }

  #move(viewport: Viewport): void {
    this.viewport.value = viewport;
    this.compared.follow();
    this.#cancelSettle?.();
    const isPlainLive = viewport.endMs === undefined && viewport.spanMs <= ranges[this.range.peek()];
    if (isPlainLive) {
      this.#past = undefined;
      this.#asked += 1;
      this.#changed();
      return;
    }
    this.#cancelSettle = this.#timing.after(settleMs, () => {
      const book = new SeriesBook({ capacity: this.#points * 4, bucketMs: 0 });
      void this.#fetch(book, viewport, []);
    });
    this.#changed();
  }

  /** History for a stretch of time; the newest question wins. */
  async #fetch(book: SeriesBook, viewport: Viewport, latest: readonly ReadingTuple[]): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const { start, end } = edgesOf(viewport, this.#timing.now());
    try {
      const margin = viewport.endMs === undefined ? {} : { end: end + viewport.spanMs / 20 };
      const answer = await this.#channel.request('history', {
        devices: [this.#device],
        start: start - (viewport.endMs === undefined ? 0 : viewport.spanMs / 20),
        maxPoints: this.#pointsEach(),
        ...margin,
      });
      if (asked !== this.#asked) return;
      if (book !== this.#live) this.#past = book;
      this.#fill(book, { history: answer.series, latest });
    } catch (error) {
      if (!(error instanceof HubRefusedError || error instanceof NoAnswerError)) throw error;
      if (asked !== this.#asked) return;
      if (error instanceof HubRefusedError && this.#askLess(error.code))
        return this.#fetch(book, viewport, latest);
      this.#fail(error);
    }
  }

  #fail({ code, message }: { readonly code: string; readonly message: string }): void {
    this.failure.value = { code, message };
    this.state.value = 'failed';
  }

  async #earlier(edges: { start: number; end: number }): Promise<readonly HistorySeries[] | undefined> {
    try {
      const query = { devices: [this.#device], ...edges, maxPoints: this.#pointsEach() };
      return (await this.#channel.request('history', query)).series;
    } catch (error) {
      if (error instanceof HubRefusedError || error instanceof NoAnswerError) return undefined;
      throw error;
    }
  }

  #fill(book: SeriesBook, parts: Parameters<SeriesBook['reset']>[0]): void {
    book.reset(parts);
    const firsts = book.all().flatMap(({ ring }) => (ring.length > 0 ? [ring.timeAt(0)] : []));
    this.begins.value = firsts.length === 0 ? undefined : Math.min(...firsts);
    this.state.value = 'ready';
    this.#changed();
    this.fills.value += 1;
  }

  #changed(): void {
    this.#changes += 1;
    const names = (this.#past ?? this.#live)
      .all()
      .filter(({ ring }) => ring.length > 0)
      .map(({ key }) => key)
      .toSorted();
    const known = this.series.peek();
    if (names.length !== known.length || names.some((name, index) => name !== known[index]))
      this.series.value = names;
  }
}

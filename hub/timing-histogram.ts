/**
 * One histogram of durations without labels, for what happens tens of thousands of times a second: an observation is
 * two additions and makes nothing. prom-client's own looks its labels up and allocates each time.
 * Exposition format: Prometheus text 0.0.4, histogram.
 */

/** What prom-client asks of a metric when it is scraped. */
export interface ScrapedHistogram {
  readonly name: string;
  readonly help: string;
  readonly type: 'histogram';
  readonly aggregator: 'sum';
  readonly values: readonly {
    readonly metricName: string;
    readonly labels: Readonly<Record<string, string | number>>;
    readonly value: number;
  }[];
}

export class TimingHistogram {
  readonly name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  /** What fell into each bucket alone; the last has no bound. */
  readonly #counts: Float64Array;
  readonly #sum = new Float64Array(1);

  /** @param bounds upper ones, included, ascending, in seconds */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name;
    this.#help = help;
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && seconds > (this.#bounds[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum[0] = (this.#sum[0] ?? 0) + seconds;
  }

  get(): ScrapedHistogram {
    const metricName = `${this.name}_bucket`;
    let count = 0;
    const buckets = [...this.#bounds, '+Inf'].map((le, index) => {
      count += this.#counts[index] ?? 0;
      return { metricName, labels: { le }, value: count };
    });
    const values = [
      ...buckets,
      { metricName: `${this.name}_sum`, labels: {}, value: this.#sum[0] ?? 0 },
      { metricName: `${this.name}_count`, labels: {}, value: count },
    ];
    return { name: this.name, help: this.#help, type: 'histogram', aggregator: 'sum', values };
  }
}

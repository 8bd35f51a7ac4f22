/** What a fleet has done so far, and how long the hub took to acknowledge. */

export const countNames = [
  'sent',
  'acknowledged',
  'refused',
  'retried',
  'reconnects',
  'overflowed',
  'commands',
] as const;
export type CountName = (typeof countNames)[number];

/** Latencies in logarithmic buckets of 2 %: any number of them in a fixed space. */
export class Latencies {
  static readonly #growth = Math.log(1.02);
  static readonly #smallestMs = 0.01;
  readonly #buckets = new Map<number, number>();
  #count = 0;

  add(ms: number): void {
    const ratio = Math.max(1, ms / Latencies.#smallestMs);
    const bucket = Math.floor(Math.log(ratio) / Latencies.#growth);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** In ms, within 2 %; undefined when nothing was measured. @param share 0.5 for the median */
  quantile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (const [bucket, count] of [...this.#buckets].toSorted(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Latencies.#smallestMs * Math.exp((bucket + 0.5) * Latencies.#growth);
    }
    return undefined;
  }
}

export class Tally {
  readonly latencies = new Latencies();
  readonly #counts = new Map<CountName, number>();
  readonly #reasons = new Map<string, number>();

  /** @param reason shown beside the sum: a code, or which fault it was */
  count(name: CountName, reason?: string): void {
    this.#counts.set(name, this.of(name) + 1);
    if (reason === undefined) return;
    const key = `${name} (${reason})`;
    this.#reasons.set(key, (this.#reasons.get(key) ?? 0) + 1);
  }

  /** A fault that was injected on purpose. */
  injected(fault: string): void {
    const key = `injected (${fault})`;
    this.#reasons.set(key, (this.#reasons.get(key) ?? 0) + 1);
  }

  of(name: CountName): number {
    return this.#counts.get(name) ?? 0;
  }

  /** A few lines for a person. */
  summary(elapsedMs: number): string {
    const perSecond = elapsedMs > 0 ? (this.of('acknowledged') / elapsedMs) * 1000 : 0;
    const lines = [
      `sent ${this.of('sent')}, acknowledged ${this.of('acknowledged')} (${perSecond.toFixed(1)}/s), ` +
        `refused ${this.of('refused')}, sent again ${this.of('retried')}`,
      `reconnects ${this.of('reconnects')}, commands ${this.of('commands')}, overflowed ${this.of('overflowed')}`,
      `ack latency p50 ${inMs(this.latencies.quantile(0.5))}, p99 ${inMs(this.latencies.quantile(0.99))}`,
      ...[...this.#reasons].map(([reason, count]) => `${reason}: ${count}`),
    ];
    return lines.join('\n');
  }
}

export function inMs(ms: number | undefined): string {
  if (ms === undefined) return 'not measured';
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}

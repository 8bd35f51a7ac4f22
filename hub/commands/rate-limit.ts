/** A token bucket per principal. Bounded: a bucket that is full again says no more than none. */
import type { Clock } from '#ports';

interface Bucket {
  tokens: number;
  atMs: number;
}

const sweepAbove = 1000;

export class RateLimit {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ clock, perSecond }: { clock: Clock; perSecond: number }) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  /** Takes one: 0; or in how many ms there is one again. The burst is one second's worth. */
  take(principal: string): number {
    const now = this.#clock.monotonicMs();
    if (this.#buckets.size > sweepAbove) this.#sweep(now);
    const bucket = this.#buckets.get(principal) ?? { tokens: this.#perSecond, atMs: now };
    this.#refill(bucket, now);
    this.#buckets.set(principal, bucket);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / this.#perSecond) * 1000);
    bucket.tokens -= 1;
    return 0;
  }

  #refill(bucket: Bucket, now: number): void {
    const gained = ((now - bucket.atMs) / 1000) * this.#perSecond;
    bucket.tokens = Math.min(this.#perSecond, bucket.tokens + gained);
    bucket.atMs = now;
  }

  #sweep(now: number): void {
    for (const [principal, bucket] of this.#buckets) {
      this.#refill(bucket, now);
      if (bucket.tokens >= this.#perSecond) this.#buckets.delete(principal);
    }
  }
}

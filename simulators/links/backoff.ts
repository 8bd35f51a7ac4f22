/**
 * How long to wait before the next attempt: full jitter, so that a fleet which lost its hub in one instant does not
 * come back in one instant. Spec: "Exponential Backoff And Jitter", the full variant.
 */
export class Backoff {
  static readonly firstMs = 250;
  static readonly mostMs = 30_000;
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Anywhere from nothing to a bound that doubles with each failure, at most 30 s. */
  nextMs(): number {
    const bound = Math.min(Backoff.mostMs, Backoff.firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
    return this.#random() * bound;
  }

  /** The hub has answered. */
  reset(): void {
    this.#failures = 0;
  }
}

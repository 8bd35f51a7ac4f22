/**
 * How long to wait before the next attempt: exponential with full jitter, so that many hubs that lost one database do
 * not come back at once. Pure but for the random number.
 */
const firstMs = 500;
const mostMs = 30_000;

export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  /** @param random from 0 to 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** @param afterMs not before, if the other side said so */
  next(afterMs = 0): number {
    const most = Math.min(mostMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
    return afterMs + this.#random() * most;
  }

  reset(): void {
    this.#failures = 0;
  }
}

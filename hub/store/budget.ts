/** What may wait for the disk, in bytes. Above it the sender shall come again: memory is not where readings wait. */
import { TryAgainError } from '#contract/errors.ts';

/** The share of it that is there for what gives way first. */
const givesWayShare = 0.5;

export class Budget {
  readonly #most: number;
  #taken = 0;

  /** @param most bytes */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param givesWay the rest is for others @throws {TryAgainError} there is no room now */
  take(bytes: number, givesWay = false): void {
    if (this.#taken + bytes > this.#most * (givesWay ? givesWayShare : 1))
      throw new TryAgainError(
        'overloaded',
        'The hub receives more than it can store; send again in a moment.',
      );
    this.#taken += bytes;
  }

  give(bytes: number): void {
    this.#taken -= bytes;
  }

  /** Takes room while the work is under way. @throws {TryAgainError} there is none */
  async during<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    this.take(bytes);
    try {
      return await work();
    } finally {
      this.give(bytes);
    }
  }
}

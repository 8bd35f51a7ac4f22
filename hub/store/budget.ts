/** What may wait for the disk, in bytes. Above it the sender shall come again: memory is not where readings wait. */
import { TryAgainError } from '#contract/errors.ts';

/** The share of it that is there for what gives way first. */
const givesWayShare = 0.5;
/** Once it is full, that share has room again when so much of it is taken. */
const roomAgainShare = 0.9;

export class Budget {
  readonly #most: number;
  #taken = 0;
  /** Something that gives way found no room. */
  #isFull = false;

  /** @param most bytes */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param givesWay the rest is for others @throws {TryAgainError} there is no room now */
  take(bytes: number, givesWay = false): void {
    if (this.#taken + bytes > this.#most * (givesWay ? givesWayShare : 1)) {
      this.#isFull ||= givesWay;
      throw overloaded();
    }
    this.#taken += bytes;
  }

  /** Why what gives way would be looked at in vain: some of it found no room, and there still is hardly any. */
  get shedding(): TryAgainError | undefined {
    this.#isFull &&= this.#taken > this.#most * givesWayShare * roomAgainShare;
    return this.#isFull ? overloaded() : undefined;
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

function overloaded(): TryAgainError {
  return new TryAgainError('overloaded', 'The hub receives more than it can store; send again in a moment.');
}

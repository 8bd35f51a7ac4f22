/**
 * Where the writer is in the journal. It may be one move ahead of what is durable, so that the next batch need not wait
 * for the fsync of the last move; never ahead of what the database has.
 */
import type { JournalFollower } from '#ports';

export class Cursor {
  readonly #follower: Pick<JournalFollower, 'position' | 'moveTo'>;
  /** Undefined: where the follower is. */
  #at: number | undefined;
  #moving: Promise<unknown> = Promise.resolve();

  constructor(follower: Pick<JournalFollower, 'position' | 'moveTo'>) {
    this.#follower = follower;
  }

  get at(): number {
    return this.#at ?? this.#follower.position();
  }

  /** The database has everything up to here. Waits for the move before. @throws {TryAgainError} that one failed */
  async advance(offset: number): Promise<void> {
    await this.settle();
    this.#at = offset;
    this.#moving = this.#follower.moveTo(offset);
    this.#moving.catch(() => {}); // told by the next call
  }

  /** Everything is durable when resolved. @throws {TryAgainError} it is not, and the cursor is back where it was */
  async settle(): Promise<void> {
    try {
      await this.#moving;
    } finally {
      this.#at = undefined;
      this.#moving = Promise.resolve();
    }
  }

  /** Anywhere, durable when resolved. @returns where @throws {TryAgainError} */
  async goTo(offset: number): Promise<number> {
    await this.settle();
    return this.#follower.moveTo(offset);
  }
}

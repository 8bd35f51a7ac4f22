/** A journal that answers when the test says so. */
import type { CommittedReading } from '#contract/reading.ts';
import type { Journal, JournalPage } from '#ports';
import { epoch, settle } from '../../support/commits.ts';

/** Rows in memory. With `held`, reads wait until `answer()`; they see the rows of the moment they are answered. */
export class FakeJournal implements Journal {
  readonly epoch = epoch;
  readonly rows: CommittedReading[] = [];
  held = false;
  failing: Error | undefined;
  oldest = 1;
  readonly #waiting: (() => void)[] = [];

  head(): number {
    return this.rows.at(-1)?.offset ?? 0;
  }

  tail(): number {
    return this.oldest;
  }

  append(): Promise<never> {
    return Promise.reject(new Error('The live plane never writes.'));
  }

  async read(after: number, limit: number): Promise<JournalPage> {
    if (this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.failing !== undefined) throw this.failing;
    const following = this.rows.filter((row) => row.offset > after);
    const readings = following.slice(0, limit);
    return {
      readings,
      events: [],
      offset: readings.at(-1)?.offset ?? after,
      more: following.length > limit,
    };
  }

  /** Lets the oldest held read go on. */
  async answer(): Promise<void> {
    this.#waiting.shift()?.();
    await settle();
  }
}

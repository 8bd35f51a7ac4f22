/** A journal that answers when the test says so. */
import type { CommittedEvent } from '#contract/event.ts';
import type { CommittedReading } from '#contract/reading.ts';
import type { Journal, JournalPage } from '#ports';
import { epoch, settle } from '../../support/commits.ts';

/** Rows in memory. With `held`, reads wait until `answer()`; they see the rows of the moment they are answered. */
export class FakeJournal implements Journal {
  readonly epoch = epoch;
  readonly rows: CommittedReading[] = [];
  readonly events: CommittedEvent[] = [];
  held = false;
  failing: Error | undefined;
  oldest = 1;
  /** After which offset each read began. */
  readonly reads: number[] = [];
  readonly #waiting: (() => void)[] = [];

  head(): number {
    return Math.max(this.rows.at(-1)?.offset ?? 0, this.events.at(-1)?.offset ?? 0);
  }

  tail(): number {
    return this.oldest;
  }

  append(): Promise<never> {
    return Promise.reject(new Error('The live plane never writes.'));
  }

  async read(after: number, limit: number): Promise<JournalPage> {
    this.reads.push(after);
    if (this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.failing !== undefined) throw this.failing;
    const offsets = [...this.rows, ...this.events]
      .map(({ offset }) => offset)
      .filter((offset) => offset > after)
      .toSorted((a, b) => a - b);
    const last = offsets[Math.min(limit, offsets.length) - 1] ?? after;
    const isOfPage = ({ offset }: { offset: number }): boolean => offset > after && offset <= last;
    return {
      readings: this.rows.filter(isOfPage),
      events: this.events.filter(isOfPage),
      offset: last,
      more: offsets.length > limit,
    };
  }

  /** Lets the oldest held read go on. */
  async answer(): Promise<void> {
    this.#waiting.shift()?.();
    await settle();
  }
}

/** What a dashboard missed, as it is gathered: bounded, because all of it goes into one answer. Pure memory. */
import type { CommittedEvent } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import type { CommittedReading } from '#contract/reading.ts';
import type { GapReason } from '#contract/view.ts';
import type { Resumption } from '#ports';

/** Both oldest first. */
export interface Missed {
  readonly readings: readonly CommittedReading[];
  readonly events: readonly CommittedEvent[];
}

export type MissedOrGap = Missed | { readonly gap: GapReason };

export class MissedBook implements Missed {
  readonly readings: CommittedReading[] = [];
  readonly events: CommittedEvent[] = [];
  readonly #held: Resumption['held'];
  #eventBytes = 0;
  #isFull = false;

  /** @param held readings that are there already: they take no room */
  constructor(held?: Resumption['held']) {
    this.#held = held;
  }

  /** More came than one answer may hold; nothing is taken any more. */
  get isFull(): boolean {
    return this.#isFull;
  }

  addReading(reading: CommittedReading): void {
    if (this.#held?.(reading) === true) return;
    if (this.readings.length < limits.resumeReadings) this.readings.push(reading);
    else this.#isFull = true;
  }

  addEvent(event: CommittedEvent): void {
    // Characters for bytes: the bound is a bound, not an account.
    const bytes = JSON.stringify(event.data).length;
    if (this.events.length < limits.resumeEvents && this.#eventBytes + bytes <= limits.resumeEventBytes) {
      this.events.push(event);
      this.#eventBytes += bytes;
    } else this.#isFull = true;
  }

  /** What came later behind what came before; a hole in either is a hole. */
  static join(before: MissedOrGap, after: MissedBook): MissedOrGap {
    if ('gap' in before) return before;
    const joined = new MissedBook();
    for (const part of [before, after]) {
      for (const reading of part.readings) joined.addReading(reading);
      for (const event of part.events) joined.addEvent(event);
    }
    return joined.isFull || after.isFull ? { gap: 'too-far-behind' } : joined;
  }
}

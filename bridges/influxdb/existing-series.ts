/**
 * The series that others wrote to the bucket, shown in the hub as state: known by name with their newest value, but never
 * readings of the hub. Looked at again once a minute, since their writers go on.
 */
import type { Reading } from '#contract/reading.ts';
import type { Clock, Counters, Log } from '#ports';
import { sentenceOf } from './answers.ts';
import type { InfluxReader } from './influx-reader.ts';

export interface ExistingSeriesParts {
  readonly reader: Pick<InfluxReader, 'existing'>;
  readonly show: (state: readonly Reading[]) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

const everyMs = 60_000;
/** So many series are shown; the others are counted. */
const mostSeries = 20_000;

export class ExistingSeries {
  readonly #parts: ExistingSeriesParts;
  #cancel: () => void = () => undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: ExistingSeriesParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#looking = this.#look();
  }

  /** The last look has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { reader, show, clock, log, counters } = this.#parts;
    try {
      const found = await reader.existing();
      if (this.#isStopped) return;
      if (found.length > mostSeries)
        counters.count('influx.existing', 'too-many-series', found.length - mostSeries);
      show(found.slice(0, mostSeries));
    } catch (error) {
      log.info('The series in the bucket could not be looked at; tried again in a minute.', {
        why: sentenceOf(error),
      });
    }
    if (!this.#isStopped) this.#cancel = clock.after(everyMs, () => this.start());
  }
}

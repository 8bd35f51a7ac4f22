/**
 * Tells the live plane and the registry what became durable: all deliveries of one group commit at once, in the order
 * of their offsets, before any of them is acknowledged.
 */
import type { CommittedEvent } from '#contract/event.ts';
import type { CommittedReading, Reading } from '#contract/reading.ts';
import type { Committed, Counters, Log } from '#ports';

export interface PublicationOptions {
  readonly epoch: string;
  readonly committed: (committed: Committed) => void;
  readonly log: Log;
  readonly counters: Counters;
}

interface Gathered {
  readonly readings: CommittedReading[];
  readonly events: CommittedEvent[];
  readonly state: Reading[];
  /** What waits for the listeners to know. */
  readonly after: (() => void)[];
  arrivedMs: number;
}

export class Publication {
  readonly #options: PublicationOptions;
  #gathered: Gathered | undefined;

  constructor(options: PublicationOptions) {
    this.#options = options;
  }

  /** @param after is called when the listeners know */
  add({ readings, events, state, arrivedMs }: Omit<Committed, 'epoch'>, after: () => void): void {
    const gathered = (this.#gathered ??= this.#open(arrivedMs));
    gathered.after.push(after);
    gathered.arrivedMs = Math.min(gathered.arrivedMs, arrivedMs);
    for (const reading of readings) gathered.readings.push(reading);
    for (const event of events) gathered.events.push(event);
    for (const reading of state) gathered.state.push(reading);
  }

  #open(arrivedMs: number): Gathered {
    // The journal tells a whole commit in one go, so its other deliveries come before this microtask.
    queueMicrotask(() => this.#tell());
    return { readings: [], events: [], state: [], after: [], arrivedMs };
  }

  #tell(): void {
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered === undefined) return;
    const { readings, events, state, after, arrivedMs } = gathered;
    const { epoch, committed } = this.#options;
    this.#attempt(() => committed({ epoch, readings, events, state, arrivedMs }));
    for (const each of after) this.#attempt(each);
  }

  /** Durable all the same: a listener's defect must not make the sender repeat, nor keep the others waiting. */
  #attempt(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#options.counters.count('ingest_failed', 'listener');
      this.#options.log.error('A listener of ingest failed; the readings are stored.', { error });
    }
  }
}

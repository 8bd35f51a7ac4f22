/**
 * Tells the live plane and the registry what became durable: all deliveries of one group commit at once, in the order
 * of their offsets, before any of them is acknowledged.
 */
import type { CommittedEvent } from '#contract/event.ts';
import type { CommittedReading, Reading } from '#contract/reading.ts';
import type { Clock, Committed, Counters, Log } from '#ports';

export interface PublicationOptions {
  readonly epoch: string;
  readonly committed: (committed: Committed) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

/** Waits for the listeners to know. */
export interface Told {
  /** @param committedMs when the commit was heard of; both monotonic */
  told(nowMs: number, committedMs: number): void;
}

interface Gathered {
  readonly readings: CommittedReading[];
  readonly events: CommittedEvent[];
  readonly state: Reading[];
  readonly waiting: Told[];
  readonly committedMs: number;
  arrivedMs: number;
}

export class Publication {
  readonly #options: PublicationOptions;
  #gathered: Gathered | undefined;

  constructor(options: PublicationOptions) {
    this.#options = options;
  }

  /** @param waiting is told once the listeners know */
  add({ readings, events, state, arrivedMs }: Omit<Committed, 'epoch'>, waiting: Told): void {
    const gathered = (this.#gathered ??= this.#open(arrivedMs));
    gathered.waiting.push(waiting);
    gathered.arrivedMs = Math.min(gathered.arrivedMs, arrivedMs);
    for (const reading of readings) gathered.readings.push(reading);
    for (const event of events) gathered.events.push(event);
    for (const reading of state) gathered.state.push(reading);
  }

  #open(arrivedMs: number): Gathered {
    // The journal tells a whole commit in one go, so its other deliveries come before this microtask.
    queueMicrotask(() => this.#tell());
    const committedMs = this.#options.clock.monotonicMs();
    return { readings: [], events: [], state: [], waiting: [], committedMs, arrivedMs };
  }

  #tell(): void {
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered === undefined) return;
    const { readings, events, state, waiting, committedMs, arrivedMs } = gathered;
    const { epoch, committed, clock } = this.#options;
    this.#attempt(() => committed({ epoch, readings, events, state, arrivedMs }));
    const nowMs = clock.monotonicMs();
    for (const each of waiting) this.#attempt(() => each.told(nowMs, committedMs));
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

/**
 * Follows the journal into InfluxDB: page after page, one batch at a time and in order, so that of two values for one
 * instant the later stays. The cursor moves only after the database has the batch. Read this first, then `delivery.ts`.
 */
import type { EdgeStatus } from '#contract/status.ts';
import type { Clock, Counters, Edge, Journal, JournalFollower, Log, QuarantineStore } from '#ports';
import { InfluxConnection, type InfluxTarget } from './connection.ts';
import { Delivery } from './delivery.ts';
import { Lines } from './lines.ts';

export interface InfluxWriterOptions {
  readonly target: InfluxTarget;
  readonly journal: Pick<Journal, 'head' | 'tail'>;
  readonly follower: JournalFollower;
  readonly quarantine: QuarantineStore;
  /** When the spool is full: true = let go of its oldest tenth, counted. False: ingest says *not now*. */
  readonly dropOldest: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly connection?: InfluxConnection | undefined;
}

/** A batch is at most this many readings; smaller when fewer have come. */
const batchReadings = 5000;
/** How long readings gather before they are sent. */
const gatherMs = 250;
/** How long a stopping hub goes on sending what is still in the spool; the rest is sent after the next start. */
const drainMs = 3000;

export class InfluxWriter implements Edge {
  readonly #options: InfluxWriterOptions;
  readonly #connection: InfluxConnection;
  readonly #delivery: Delivery;
  readonly #wakers = new Set<() => void>();
  #running: Promise<void> | undefined;
  /** Monotonic ms; undefined while it is not stopping. */
  #stopAtMs: number | undefined;

  constructor(options: InfluxWriterOptions) {
    const { target, quarantine, clock, log, counters, random } = options;
    this.#options = options;
    this.#connection = options.connection ?? new InfluxConnection(target);
    const sleep = (ms: number): Promise<void> => this.#sleep(ms);
    const connection = this.#connection;
    const hasUnsigned = (): boolean => connection.version !== 1;
    const lines = new Lines({ counters, bucket: target.bucket, hasUnsigned });
    this.#delivery = new Delivery({ connection, lines, quarantine, clock, counters, log, random, sleep });
  }

  async start(): Promise<void> {
    this.#running = this.#run();
  }

  /** Sends what has come, for a moment; what remains is sent after the next start. */
  async stop(): Promise<void> {
    this.#stopAtMs = this.#options.clock.monotonicMs() + drainMs;
    // A request to a database that hangs would outlast the hub's own deadline.
    const cancel = this.#options.clock.after(drainMs, () => this.#connection.close());
    for (const wake of this.#wakers) wake();
    await this.#running;
    cancel();
    this.#connection.close();
  }

  /** Sends everything again that the journal still has: harmless, since a line that arrives twice is one point. */
  async replay(): Promise<void> {
    const { follower, journal, log } = this.#options;
    const from = await follower.moveTo(journal.tail() - 1);
    log.info('Sends to InfluxDB again what the journal still has.', { readings: journal.head() - from });
  }

  status(): EdgeStatus {
    const { follower, target } = this.#options;
    const { health } = this.#delivery;
    const { waiting } = follower.spool();
    const why = 'why' in health ? `${health.why}; ` : '';
    const state = { starting: 'starting', up: 'up', down: 'down', blocked: 'degraded' } as const;
    const address = new URL(target.url).origin;
    return {
      name: 'influxdb',
      state: state[health.state],
      detail: `${why}${waiting} readings wait`,
      address,
    };
  }

  async #run(): Promise<void> {
    for (;;) {
      try {
        const more = await this.#step();
        if (this.#stopAtMs !== undefined && (!more || this.#isOverdue)) return;
        if (!more) await this.#sleep(gatherMs);
      } catch (error) {
        // The store does not answer: the place in the file is kept, so nothing is lost by coming again.
        if (this.#stopAtMs !== undefined) return;
        this.#options.log.warn('The journal cannot be followed now.', { error });
        await this.#sleep(1000);
      }
    }
  }

  /** Takes one page to the database. @returns whether more waits already */
  async #step(): Promise<boolean> {
    const { journal, follower } = this.#options;
    await this.#dropOldestIfFull();
    const from = follower.position();
    if (journal.head() <= from) {
      if (this.#delivery.health.state !== 'up') await this.#delivery.greet();
      return journal.head() > from;
    }
    const page = await follower.read(from, batchReadings);
    const delivered = await this.#delivery.deliver(page.readings, () => this.#goesOn(from));
    // Somebody may have sent the cursor back meanwhile.
    if (delivered && follower.position() === from) await follower.moveTo(page.offset);
    return delivered && page.more;
  }

  #goesOn(from: number): boolean {
    const { dropOldest, follower } = this.#options;
    const isFull = dropOldest && follower.spool().bytes > follower.spool().maxBytes;
    return !this.#isOverdue && !isFull && follower.position() === from;
  }

  get #isOverdue(): boolean {
    return this.#stopAtMs !== undefined && this.#options.clock.monotonicMs() >= this.#stopAtMs;
  }

  async #dropOldestIfFull(): Promise<void> {
    const { dropOldest, follower, counters, log } = this.#options;
    const { bytes, maxBytes, waiting } = follower.spool();
    if (!dropOldest || bytes <= maxBytes) return;
    const drop = Math.ceil(waiting / 10);
    await follower.moveTo(follower.position() + drop);
    counters.count('influx.readings', 'dropped-spool-full', drop);
    log.error('The spool is full: its oldest readings will never reach InfluxDB.', { readings: drop });
  }

  /** Resolves after `ms`, or at once when the writer is told to stop. */
  async #sleep(ms: number): Promise<void> {
    if (this.#stopAtMs !== undefined) ms = Math.min(ms, gatherMs);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        this.#wakers.delete(wake);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, wake);
      this.#wakers.add(wake);
    });
  }
}

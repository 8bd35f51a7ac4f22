/**
 * Follows the journal into InfluxDB: page after page, one batch at a time and in order, so that of two values for one
 * instant the later stays. The cursor moves only after the database has the batch. Read this first, then `delivery.ts`.
 */
import type { EdgeStatus } from '#contract/status.ts';
import { TryAgainError } from '#contract/errors.ts';
import type {
  Clock,
  Counters,
  Edge,
  FollowedPage,
  Journal,
  JournalFollower,
  Log,
  QuarantineStore,
  Replayable,
} from '#ports';
import { InfluxConnection, packed, type InfluxTarget, type Body } from './connection.ts';
import { Cursor } from './cursor.ts';
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

interface ReadBatch extends FollowedPage {
  /** Its lines; absent until it is known how the database wants them. */
  readonly body: Body | undefined;
}

interface Replay {
  readonly resolve: (readings: number) => void;
  readonly reject: (error: unknown) => void;
}

export class InfluxWriter implements Edge, Replayable {
  readonly #options: InfluxWriterOptions;
  readonly #connection: InfluxConnection;
  readonly #delivery: Delivery;
  readonly #wakers = new Set<() => void>();
  #running: Promise<void> | undefined;
  readonly #lines: Lines;
  readonly #cursor: Cursor;
  /** What comes next is read, encoded and packed while the database takes what was read before. */
  #ahead: { readonly from: number; readonly batch: Promise<ReadBatch> } | undefined;
  #replays: Replay[] = [];
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
    this.#lines = lines;
    this.#cursor = new Cursor(options.follower);
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
    this.#wakeAll();
    await this.#running;
    for (const { reject } of this.#replays.splice(0)) reject(notNow());
    cancel();
    this.#connection.close();
  }

  /** A line that arrives twice is one point, so it may be asked for at any time and again. */
  replay(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#stopAtMs !== undefined) return reject(notNow());
      // The cursor has one owner: the loop goes back by itself, and soon, since a batch under way is given up for it.
      this.#replays.push({ resolve, reject });
      this.#wakeAll();
    });
  }

  status(): EdgeStatus {
    const { follower, target } = this.#options;
    const { health } = this.#delivery;
    const { waiting, ageSeconds } = follower.spool();
    const since = waiting === 0 ? '' : `, the oldest for ${Math.ceil(ageSeconds)} s`;
    const why = 'why' in health ? `${health.why}; ` : '';
    const state = { starting: 'starting', up: 'up', down: 'down', blocked: 'degraded' } as const;
    const address = new URL(target.url).origin;
    return {
      name: 'influxdb',
      state: state[health.state],
      detail: `${why}${waiting} readings wait${since}`,
      address,
    };
  }

  async #run(): Promise<void> {
    for (;;) {
      try {
        const more = await this.#step();
        const isEnd = this.#stopAtMs !== undefined && (!more || this.#isOverdue);
        if (isEnd || !more) await this.#cursor.settle();
        if (isEnd) return;
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
    const { journal } = this.#options;
    await this.#goBackIfAsked();
    await this.#dropOldestIfFull();
    const from = this.#cursor.at;
    if (journal.head() <= from) {
      if (this.#delivery.health.state !== 'up') await this.#delivery.greet();
      return journal.head() > from;
    }
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const { readings, body, offset, more } = await (ahead?.from === from ? ahead.batch : this.#read(from));
    if (more) this.#readAhead(offset);
    const delivered = await this.#delivery.deliver(readings, () => this.#goesOn(), body);
    if (delivered) await this.#cursor.advance(offset);
    return more;
  }

  async #read(from: number): Promise<ReadBatch> {
    const page = await this.#options.follower.read(from, batchReadings);
    const lines = this.#delivery.isPrepared ? this.#lines.encode(page.readings) : undefined;
    return { ...page, body: lines && (await packed(lines)) };
  }

  #readAhead(from: number): void {
    const batch = this.#read(from);
    batch.catch(() => {}); // whoever takes the batch hears of it; one that nobody takes is read again
    this.#ahead = { from, batch };
  }

  #goesOn(): boolean {
    const { dropOldest, follower } = this.#options;
    const isFull = dropOldest && follower.spool().bytes > follower.spool().maxBytes;
    return !this.#isOverdue && !isFull && this.#replays.length === 0;
  }

  async #goBackIfAsked(): Promise<void> {
    const { journal, log } = this.#options;
    const asked = this.#replays.splice(0);
    if (asked.length === 0) return;
    try {
      const from = await this.#cursor.goTo(journal.tail() - 1);
      const readings = journal.head() - from;
      log.info('Sends to InfluxDB again what the journal still has.', { readings });
      for (const { resolve } of asked) resolve(readings);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }

  get #isOverdue(): boolean {
    return this.#stopAtMs !== undefined && this.#options.clock.monotonicMs() >= this.#stopAtMs;
  }

  async #dropOldestIfFull(): Promise<void> {
    const { dropOldest, follower, counters, log } = this.#options;
    const { bytes, maxBytes, waiting } = follower.spool();
    if (!dropOldest || bytes <= maxBytes) return;
    const drop = Math.ceil(waiting / 10);
    await this.#cursor.goTo(this.#cursor.at + drop);
    counters.count('influx.readings', 'dropped-spool-full', drop);
    log.error('The spool is full: its oldest readings will never reach InfluxDB.', { readings: drop });
  }

  #wakeAll(): void {
    for (const wake of this.#wakers) wake();
  }

  /** Resolves after `ms`, or at once when the writer is told to stop or to replay. */
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

function notNow(): TryAgainError {
  return new TryAgainError('stopping', 'The hub is stopping: ask again once it is back.');
}

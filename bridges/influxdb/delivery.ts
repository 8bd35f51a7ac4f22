/**
 * Takes one batch to InfluxDB until each of its readings is there or in quarantine: waits and tries again, halves what
 * is too large, and looks for the lines that can never be stored by halving what was refused. A line that arrives twice
 * is the same point, so any part may be sent again.
 */
import type { Clock, Counters, FollowedReading, Log, QuarantineStore } from '#ports';
import { conflictOf, judge, sentenceOf, type WriteAnswer } from './answers.ts';
import { Backoff } from './backoff.ts';
import type { InfluxConnection, Body } from './connection.ts';
import { StatementError } from './influxql.ts';
import type { Lines } from './lines.ts';

export interface DeliveryParts {
  readonly connection: Pick<InfluxConnection, 'write' | 'detect' | 'createBucket' | 'fields'>;
  readonly lines: Lines;
  readonly quarantine: Pick<QuarantineStore, 'add'>;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Waits; resolves early when the writer stops. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** How the last request ended. */
export type Health =
  | { readonly state: 'starting' | 'up' }
  /** Away or overloaded: it comes back by itself. */
  | { readonly state: 'down'; readonly why: string }
  /** A person must act. */
  | { readonly state: 'blocked'; readonly why: string };

type Batch = readonly FollowedReading[];
type Refusal = Extract<WriteAnswer, { kind: 'refused' | 'too-large' }>;

export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #backoff: Backoff;
  #health: Health = { state: 'starting' };
  #isPrepared = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.random);
  }

  get health(): Health {
    return this.#health;
  }

  /** Asks for nothing but whether it is there, so that an idle hub knows how its database is. */
  async greet(): Promise<void> {
    try {
      await this.#prepare();
      this.#stored(0);
    } catch (error) {
      const answer = judge(error, this.#parts.clock.nowUs() / 1000);
      if (answer.kind === 'blocked' || answer.kind === 'later') return this.#wait(answer);
      await this.#wait({ kind: 'later', message: sentenceOf(error), afterMs: undefined });
    }
  }

  /** Whether it is known how the database wants its lines. */
  get isPrepared(): boolean {
    return this.#isPrepared;
  }

  /**
   * @param goesOn asked before each attempt @param encoded the lines of the whole batch, where they were made before
   * @returns false if it was given up
   */
  async deliver(batch: Batch, goesOn: () => boolean, encoded?: Body): Promise<boolean> {
    const waiting: Batch[] = [batch];
    let body = encoded;
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      if (part.length === 0) continue;
      if (!goesOn()) return false;
      const answer = await this.#attempt(part, body);
      if (answer.kind !== 'later' && answer.kind !== 'blocked') body = undefined;
      if (answer.kind === 'stored') this.#stored(part.length);
      else if (answer.kind === 'refused' || answer.kind === 'too-large')
        waiting.push(...(await this.#refused(part, answer)));
      else {
        waiting.push(part);
        await this.#wait(answer);
      }
    }
    return true;
  }

  async #attempt(part: Batch, body: Body | undefined): Promise<WriteAnswer> {
    const { connection, lines, clock, counters } = this.#parts;
    try {
      await this.#prepare();
      await connection.write(body ?? lines.encode(part));
      return { kind: 'stored' };
    } catch (error) {
      const answer = judge(error, clock.nowUs() / 1000);
      counters.count('influx.request', answer.kind);
      return answer;
    }
  }

  /** Once: which version it is, a bucket where there is none, and what types its fields have. */
  async #prepare(): Promise<void> {
    if (this.#isPrepared) return;
    const { connection } = this.#parts;
    await connection.detect();
    await this.#tryTo('The bucket is taken as it is: it could not be looked up or created.', () =>
      connection.createBucket(),
    );
    await this.#tryTo('The types of the fields could not be asked for: they are learned from refusals.', () =>
      this.#learnTypes(),
    );
    this.#isPrepared = true;
  }

  /** A token that may only write still writes. @throws what may work later */
  async #tryTo(otherwise: string, work: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#parts;
    try {
      await work();
    } catch (error) {
      const isRefusal = error instanceof StatementError;
      if (!isRefusal && judge(error, clock.nowUs() / 1000).kind === 'later') throw error;
      log.info(otherwise, { why: sentenceOf(error) });
    }
  }

  async #learnTypes(): Promise<void> {
    const { connection, lines } = this.#parts;
    const byField = Map.groupBy(await connection.fields(), ({ measurement, field }) =>
      JSON.stringify([measurement, field]),
    );
    // Of several types the one that counts depends on the time of a value: a refusal tells which.
    for (const [only, another] of byField.values())
      if (only !== undefined && another === undefined) lines.learn(only.measurement, only.field, only.type);
  }

  #stored(count: number): void {
    this.#parts.counters.count('influx.readings', 'written', count);
    this.#backoff.reset();
    if (this.#health.state !== 'up') this.#parts.log.info('InfluxDB takes readings.');
    this.#health = { state: 'up' };
  }

  /** @returns what is to be sent again, last part first */
  async #refused(part: Batch, answer: Refusal): Promise<readonly Batch[]> {
    this.#backoff.reset();
    const conflict = conflictOf(answer.message);
    if (conflict !== undefined && this.#learn(conflict)) return [part];
    const isAll = part.length === 1 || (answer.kind === 'refused' && answer.dropped === part.length);
    if (isAll) return this.#toQuarantine(part, answer);
    const middle = part.length >> 1;
    return [part.slice(middle), part.slice(0, middle)];
  }

  #learn({ measurement, field, type }: NonNullable<ReturnType<typeof conflictOf>>): boolean {
    return this.#parts.lines.learn(measurement, field, type);
  }

  /** @returns the part again when there is no room for it now */
  async #toQuarantine(part: Batch, { kind, message }: Refusal): Promise<readonly Batch[]> {
    const { quarantine, lines, clock, counters, log } = this.#parts;
    const bytes = new TextEncoder().encode(lines.encode(part));
    const item = {
      source: { edge: 'influxdb', principal: 'bridge:influxdb' },
      code: kind === 'refused' ? 'refused-by-influxdb' : 'too-large-for-influxdb',
      message: `${part.length} readings: ${message}`,
      raw: { bytes, contentType: 'text/plain; charset=utf-8' },
    } as const;
    try {
      await quarantine.add(item, clock.nowUs() / 1000);
    } catch (error) {
      log.warn('What InfluxDB refused cannot be put into quarantine now.', { error });
      await this.#parts.sleep(this.#backoff.next());
      return [part];
    }
    counters.count('influx.readings', 'quarantined', part.length);
    log.warn('InfluxDB refuses readings for good; they are in quarantine.', { count: part.length, message });
    return [];
  }

  async #wait(answer: Extract<WriteAnswer, { kind: 'blocked' | 'later' }>): Promise<void> {
    const { log } = this.#parts;
    const { message: why } = answer;
    const state = answer.kind === 'blocked' ? 'blocked' : 'down';
    if (this.#health.state !== state) {
      if (state === 'blocked')
        log.error('InfluxDB does not let the hub write; readings are kept until it does.', { why });
      else log.warn('InfluxDB is away; readings are kept until it is back.', { why });
    }
    this.#health = { state, why };
    // A bucket that is gone may be made again.
    if (answer.kind === 'blocked' && answer.status === 404) this.#isPrepared = false;
    await this.#parts.sleep(this.#backoff.next(answer.kind === 'later' ? answer.afterMs : 0));
  }
}

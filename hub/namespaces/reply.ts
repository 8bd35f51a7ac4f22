/**
 * The answer to one event, given once: `{ ok: true, … }` or why not. One object for all of an event's way, because tens
 * of thousands may be under way.
 */
import { toRefusal } from '#contract/errors.ts';
import type { Counters, Log } from '#ports';

export interface ReplyParts {
  readonly log: Log;
  readonly counters: Counters;
}

export class Reply {
  readonly #parts: ReplyParts;
  readonly #event: string;
  /** Undefined once it was given, or if nobody waits for it. */
  #ack: ((answer: object) => void) | undefined;

  /** @param ack what came last with the event: its acknowledgement, if it is a function */
  constructor(parts: ReplyParts, event: string, ack: unknown) {
    this.#parts = parts;
    this.#event = event;
    this.#ack = typeof ack === 'function' ? (ack as (answer: object) => void) : undefined;
  }

  /** Whether the sender waits for it. */
  get isAwaited(): boolean {
    return this.#ack !== undefined;
  }

  /** @param fields stand beside `ok: true` */
  accept(fields: object): void {
    if (this.isAwaited) this.#give({ ok: true, ...fields });
  }

  /** Counted, and logged if it is the hub's own failure, even where nobody waits. */
  refuse(error: unknown): void {
    const { counters, log } = this.#parts;
    const refusal = toRefusal(error);
    const isOurs = refusal.error.code === 'internal';
    counters.count('socketio', isOurs ? 'event-failed' : 'event-refused');
    if (isOurs) log.error('An event could not be handled.', { event: this.#event.slice(0, 64), error });
    this.#give(refusal);
  }

  #give(answer: object): void {
    const ack = this.#ack;
    this.#ack = undefined;
    ack?.(answer);
  }
}

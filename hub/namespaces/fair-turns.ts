/**
 * Work that hundreds of connections may ask for in one moment: slices of it, one turn of each connection after the
 * other, and a pause after each slice, so that it takes a twelfth of the time. What cannot wait, as the acknowledgement of
 * a reading, has the rest. Little work after a rest, as the first screen of one dashboard, pauses only to let others in.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Clock } from '#ports';

const sliceMs = 1;
/** A connection with more to do goes on so long before the next has its turn: its answers leave together. */
const turnMs = 0.5;
/** One part of all time in so many, beyond what is done at once after a rest. */
const parts = 12;
const freeMs = 40;
/** A piece may have waited for a processor itself: on a busy machine dashboards are not held up for seconds by that. */
const longestPauseMs = 25;

/** One piece of it. Throws nothing. True: there is more. */
type Work = () => boolean | void;

export class FairTurns {
  readonly #clock: Clock;
  readonly #pause: (ms: number) => Promise<unknown>;
  /** In the order in which they are served. */
  readonly #waiting = new Map<object, Work[]>();
  #isRunning = false;
  #isWorking = false;
  #spentMs = 0;
  /** Spent, and not yet made up for by pauses. */
  #debtMs = 0;
  #lookedAtMs = 0;

  constructor(clock: Clock, pause: (ms: number) => Promise<unknown> = letOthersIn) {
    this.#clock = clock;
    this.#pause = pause;
  }

  /**
   * Now, if nobody waits and the slice has time left; else in the connection's turn. What is asked for within a turn is
   * part of it.
   */
  take(connection: object, work: Work): void {
    if (this.#isWorking) {
      while (work() === true);
      return;
    }
    const isFree = this.#waiting.size === 0 && this.#spentMs < sliceMs;
    if (!isFree || this.#run(work)) this.#wait(connection, work);
    if (!this.#isRunning) void this.#goOn();
  }

  #wait(connection: object, work: Work): void {
    const own = this.#waiting.get(connection);
    if (own === undefined) this.#waiting.set(connection, [work]);
    else own.push(work);
  }

  async #goOn(): Promise<void> {
    this.#isRunning = true;
    do {
      await this.#pause(this.#dueMs());
      this.#spentMs = 0;
      while (this.#waiting.size > 0 && this.#spentMs < sliceMs) this.#turn();
    } while (this.#waiting.size > 0);
    this.#isRunning = false;
  }

  /** How long the next pause is. */
  #dueMs(): number {
    const nowMs = this.#clock.monotonicMs();
    const left = this.#debtMs - (nowMs - this.#lookedAtMs) / parts;
    this.#debtMs = Math.min(Math.max(0, left), freeMs + longestPauseMs / parts);
    this.#lookedAtMs = nowMs;
    return parts * Math.max(0, this.#debtMs - freeMs);
  }

  /** The turn of the first: at least one piece. */
  #turn(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const [connection, works] = first;
    const untilMs = this.#spentMs + turnMs;
    for (let work = works[0]; work !== undefined && this.#spentMs < untilMs; work = works[0])
      if (!this.#run(work)) works.shift();
    // Behind all others, if it has more.
    this.#waiting.delete(connection);
    if (works.length > 0) this.#waiting.set(connection, works);
  }

  /** @returns whether it has more */
  #run(work: Work): boolean {
    const startMs = this.#clock.monotonicMs();
    this.#isWorking = true;
    try {
      return work() === true;
    } finally {
      this.#isWorking = false;
      const tookMs = this.#clock.monotonicMs() - startMs;
      this.#spentMs += tookMs;
      this.#debtMs += tookMs;
    }
  }
}

function letOthersIn(ms: number): Promise<unknown> {
  return ms < 1 ? setImmediate() : setTimeout(ms);
}

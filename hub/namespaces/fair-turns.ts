/**
 * Work that hundreds of connections may ask for in one moment: slices of it, one piece of each connection after the
 * other, and a pause after each slice, so that it takes a fifth of the time at most. What cannot wait, as the
 * acknowledgement of a reading, has the rest.
 */
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '#ports';

const sliceMs = 2;
/** How much longer than a slice the pause after it is. */
const pauses = 4;

export class FairTurns {
  readonly #clock: Clock;
  readonly #pause: (ms: number) => Promise<unknown>;
  /** In the order in which they are served. */
  readonly #waiting = new Map<object, (() => void)[]>();
  #isRunning = false;
  #spentMs = 0;

  constructor(clock: Clock, pause: (ms: number) => Promise<unknown> = (ms) => setTimeout(ms)) {
    this.#clock = clock;
    this.#pause = pause;
  }

  /** Now, if nobody waits and the slice has time left; else in the connection's turn. @param work throws nothing */
  take(connection: object, work: () => void): void {
    if (this.#waiting.size === 0 && this.#spentMs < sliceMs) this.#run(work);
    else {
      const own = this.#waiting.get(connection);
      if (own === undefined) this.#waiting.set(connection, [work]);
      else own.push(work);
    }
    if (!this.#isRunning) void this.#goOn();
  }

  async #goOn(): Promise<void> {
    this.#isRunning = true;
    do {
      await this.#pause(pauses * this.#spentMs);
      this.#spentMs = 0;
      while (this.#waiting.size > 0 && this.#spentMs < sliceMs) this.#next();
    } while (this.#waiting.size > 0);
    this.#isRunning = false;
  }

  #next(): void {
    for (const [connection, pieces] of this.#waiting) {
      const work = pieces.shift();
      // Behind all others, if it has more.
      this.#waiting.delete(connection);
      if (pieces.length > 0) this.#waiting.set(connection, pieces);
      if (work !== undefined) this.#run(work);
      return;
    }
  }

  #run(work: () => void): void {
    const startMs = this.#clock.monotonicMs();
    work();
    this.#spentMs += this.#clock.monotonicMs() - startMs;
  }
}

/**
 * Lets those who read the same page of the journal go on a few in each turn of the event loop: two hundred that come back
 * at once have it in one moment, and each looks at a thousand readings. Whoever is alone does not wait.
 */
import { setImmediate } from 'node:timers/promises';

export class PageTurns {
  readonly #nextTurn: () => Promise<unknown>;
  /** The first is the next. As many as there are readers. */
  readonly #waiting: { readonly share: number; readonly goOn: () => void }[] = [];
  /** Of this turn; 1 is all of it. */
  #used = 0;
  #isTurning = false;

  constructor(nextTurn: () => Promise<unknown> = () => setImmediate()) {
    this.#nextTurn = nextTurn;
  }

  /** @param share of a turn, that the reader will take; above 0 @returns undefined: it may go on at once */
  take(share: number): Promise<void> | undefined {
    if (!this.#isTurning) void this.#turn();
    if (this.#waiting.length === 0 && this.#used < 1) {
      this.#used += share;
      return undefined;
    }
    return new Promise((goOn) => this.#waiting.push({ share, goOn }));
  }

  async #turn(): Promise<void> {
    this.#isTurning = true;
    do {
      await this.#nextTurn();
      this.#used = 0;
      for (let next = this.#waiting[0]; next !== undefined && this.#used < 1; next = this.#waiting[0]) {
        this.#waiting.shift();
        this.#used += next.share;
        next.goOn();
      }
    } while (this.#used > 0);
    this.#isTurning = false;
  }
}

/**
 * Frames that are due, a slice of them in each turn of the event loop: a commit that thousands of views show, each for
 * itself, holds up neither its own acknowledgements nor what comes in behind it.
 */
import type { Clock } from '#ports';

/** Making them; writing them takes about as long again. */
const sliceMs = 1;

export class FrameTurns<View> {
  readonly #clock: Clock;
  readonly #flush: (view: View) => void;
  readonly #nextTurn: (go: () => void) => unknown;
  /** In the order in which they are due, each once. */
  readonly #due = new Set<View>();
  #isTurning = false;

  constructor(parts: {
    readonly clock: Clock;
    readonly flush: (view: View) => void;
    readonly nextTurn: (go: () => void) => unknown;
  }) {
    this.#clock = parts.clock;
    this.#flush = parts.flush;
    this.#nextTurn = parts.nextTurn;
  }

  add(view: View): void {
    this.#due.add(view);
    if (!this.#isTurning) this.#awaitTurn();
  }

  /** What is due is not sent any more. */
  clear(): void {
    this.#due.clear();
  }

  #awaitTurn(): void {
    this.#isTurning = true;
    this.#nextTurn(() => {
      this.#isTurning = false;
      this.#turn();
    });
  }

  #turn(): void {
    const endMs = this.#clock.monotonicMs() + sliceMs;
    for (const view of this.#due) {
      this.#due.delete(view);
      this.#flush(view);
      if (this.#clock.monotonicMs() >= endMs) break;
    }
    if (this.#due.size > 0 && !this.#isTurning) this.#awaitTurn();
  }
}

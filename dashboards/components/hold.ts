/**
 * Pressing something dangerous: it acts when it is held for a moment, by pointer, touch or key. Assistive technology
 * only clicks: there the first click arms, and a second one within a few seconds acts.
 */
import type { Timing } from '../connection/socket-like.ts';

export const holdMs = 800;
const armedMs = 4000;

/** `armed`: clicked once without being held. */
export type HoldState = 'idle' | 'held' | 'armed';

export class Hold {
  readonly #timing: Timing;
  readonly #act: () => void;
  readonly #tell: (state: HoldState) => void;
  #state: HoldState = 'idle';
  #cancel: () => void = () => undefined;
  /** A held press also ends in a click, which means nothing then. */
  #isClickSpent = false;

  constructor(parts: { timing: Timing; act: () => void; tell: (state: HoldState) => void }) {
    this.#timing = parts.timing;
    this.#act = parts.act;
    this.#tell = parts.tell;
  }

  press(): void {
    if (this.#state === 'held') return;
    this.#isClickSpent = true;
    this.#become('held', holdMs, () => {
      this.#become('idle');
      this.#act();
    });
  }

  /** Let go, or slipped off: before its time nothing has happened. */
  release(): void {
    if (this.#state === 'held') this.#become('idle');
  }

  click(): void {
    if (this.#isClickSpent) {
      this.#isClickSpent = false;
      return;
    }
    if (this.#state !== 'armed') return this.#become('armed', armedMs, () => this.#become('idle'));
    this.#become('idle');
    this.#act();
  }

  close(): void {
    this.#cancel();
  }

  #become(state: HoldState, forMs?: number, then?: () => void): void {
    this.#cancel();
    this.#cancel =
      forMs !== undefined && then !== undefined ? this.#timing.after(forMs, then) : () => undefined;
    this.#state = state;
    this.#tell(state);
  }
}

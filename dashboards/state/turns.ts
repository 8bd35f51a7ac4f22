/**
 * What is painted takes turns: in one frame of the screen as much as fits, the rest in the next. Who asks again before
 * its turn is painted once, as it is then.
 */
export interface Frames {
  /** As `requestAnimationFrame`: nothing runs while nobody looks. */
  request(fn: () => void): void;
  /** A clock in ms for the time spent. */
  now(): number;
}

/** A frame has 16 ms; the browser needs some of them. */
const budgetMs = 8;

/**
 * How much of a frame each kind of painting takes. The browser lays out, paints and layers after the turn, which its time
 * does not show: cheap drawings were a task of over 50 ms together.
 */
export const frameShare = { chart: 1 / 2, curve: 1 / 8, value: 1 / 24 } as const;

export class Turns {
  readonly #frames: Frames;
  readonly #waiting = new Map<() => void, number>();
  #isScheduled = false;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Paints in one of the next frames, in the order of asking; asking again before that changes nothing. */
  ask(paint: () => void, kind: keyof typeof frameShare): void {
    this.#waiting.set(paint, frameShare[kind]);
    this.#schedule();
  }

  forget(paint: () => void): void {
    this.#waiting.delete(paint);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    this.#frames.request(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    const startedAt = this.#frames.now();
    let filled = 0;
    for (const [paint, share] of this.#waiting) {
      if (filled > 0 && filled + share > 1) break;
      this.#waiting.delete(paint);
      paint();
      filled += share;
      if (this.#frames.now() - startedAt >= budgetMs) break;
    }
    this.#schedule();
  }
}

export const browserFrames: Frames = {
  request: (fn) => void requestAnimationFrame(fn),
  now: () => performance.now(),
};

/** Charts take turns: in one frame of the screen as many are drawn as fit, the rest in the next. */
export interface Frames {
  /** As `requestAnimationFrame`: nothing runs while nobody looks. */
  request(fn: () => void): void;
  /** A clock in ms for the time spent. */
  now(): number;
}

/** A frame has 16 ms; the browser needs some of them. */
const budgetMs = 8;
/** The browser paints after the turn, which its time does not show: ten cheap drawings in a frame were a task of over 50 ms. */
const mostAtOnce = 2;

export class DrawTurns {
  readonly #frames: Frames;
  readonly #waiting = new Set<() => void>();
  #isScheduled = false;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Draws in one of the next frames; asking again before that changes nothing. */
  ask(draw: () => void): void {
    this.#waiting.add(draw);
    this.#schedule();
  }

  forget(draw: () => void): void {
    this.#waiting.delete(draw);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    this.#frames.request(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    const startedAt = this.#frames.now();
    let drawn = 0;
    for (const draw of this.#waiting) {
      this.#waiting.delete(draw);
      draw();
      drawn += 1;
      if (drawn === mostAtOnce || this.#frames.now() - startedAt >= budgetMs) break;
    }
    this.#schedule();
  }
}

export const browserFrames: Frames = {
  request: (fn) => void requestAnimationFrame(fn),
  now: () => performance.now(),
};

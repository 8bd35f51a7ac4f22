/** The buckets of one series in one answer: each time falls into the one that begins at a multiple of the width. */
import { emptyFold, type Fold } from './tiers.ts';

export class Buckets {
  readonly #series: number;
  readonly #widthUs: number;
  readonly #folds = new Map<number, Fold>();
  /** Readings come in order of time, so the next one mostly falls into the same bucket. */
  #current: Fold | undefined;

  constructor(series: number, widthUs: number) {
    this.#series = series;
    this.#widthUs = widthUs;
  }

  at(time: number): Fold {
    const current = this.#current;
    if (current !== undefined && time >= current.time && time < current.time + this.#widthUs) return current;
    const start = Math.floor(time / this.#widthUs) * this.#widthUs;
    let bucket = this.#folds.get(start);
    if (bucket === undefined) this.#folds.set(start, (bucket = emptyFold(this.#series, start)));
    this.#current = bucket;
    return bucket;
  }

  /** Only those that a reading fell into, oldest first. */
  inOrder(): readonly Fold[] {
    return [...this.#folds.values()].toSorted((a, b) => a.time - b.time);
  }
}

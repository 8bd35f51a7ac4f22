/** The buckets of one series in one answer: each time falls into the one that begins at a multiple of the width. */
import { emptyFold, type Fold } from './tiers.ts';

export class Buckets {
  readonly #series: number;
  readonly #widthUs: number;
  /** Oldest first: readings come in order of time, so that a new bucket is mostly the last. */
  readonly #folds: Fold[] = [];
  /** … and the next reading mostly falls into the same bucket. */
  #current: Fold | undefined;

  constructor(series: number, widthUs: number) {
    this.#series = series;
    this.#widthUs = widthUs;
  }

  at(time: number): Fold {
    const current = this.#current;
    if (current !== undefined && time >= current.time && time < current.time + this.#widthUs) return current;
    const start = Math.floor(time / this.#widthUs) * this.#widthUs;
    const place = this.#placeOf(start);
    const found = this.#folds[place];
    if (found?.time === start) return (this.#current = found);
    const bucket = emptyFold(this.#series, start);
    if (found === undefined) this.#folds.push(bucket);
    else this.#folds.splice(place, 0, bucket);
    return (this.#current = bucket);
  }

  /** Only those that a reading fell into, oldest first. */
  inOrder(): readonly Fold[] {
    return this.#folds;
  }

  /** Of the first bucket that begins at or after `start`. */
  #placeOf(start: number): number {
    let [low, high] = [0, this.#folds.length];
    if ((this.#folds[high - 1]?.time ?? Number.NEGATIVE_INFINITY) < start) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#folds[middle]?.time ?? start) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

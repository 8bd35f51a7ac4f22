/**
 * The times that the hub gives: arrival, never twice the same for one series, and never held back more than a second
 * when the clock jumps to an earlier time.
 */
const heldBackUs = 1_000_000;

export class Stamps {
  /** By series number; bounded by `limits.seriesTotal`. */
  readonly #last: number[] = [];

  next(series: number, arrivalUs: number): number {
    const last = this.#last[series];
    const collides = last !== undefined && arrivalUs <= last && last - arrivalUs < heldBackUs;
    const stamp = collides ? last + 1 : arrivalUs;
    this.#last[series] = stamp;
    return stamp;
  }
}

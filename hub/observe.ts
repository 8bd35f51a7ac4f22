/**
 * What the hub counts of itself: every drop under a reason, every outcome under its name.
 * Names and reasons are literals of the code, so the map is bounded by the code; the bound below guards that.
 */
import type { Counters } from '#ports';

const maxCounters = 2000;

export class CounterBoard implements Counters {
  /** By name, then by reason: several for each message, so none is put together to a key. */
  readonly #counts = new Map<string, Map<string, { sum: number }>>();
  #size = 0;

  count(name: string, reason: string, by = 1): void {
    const present = this.#counts.get(name)?.get(reason);
    if (present !== undefined) present.sum += by;
    else if (this.#size < maxCounters) this.#open(name, reason).sum = by;
    else this.#open('counters', 'too-many-names').sum += by;
  }

  /** Sorted by name, so that two snapshots compare line by line. */
  snapshot(): Readonly<Record<string, number>> {
    const all = [...this.#counts].flatMap(([name, reasons]) =>
      Array.from(reasons, ([reason, { sum }]) => [`${name}/${reason}`, sum] as const),
    );
    return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #open(name: string, reason: string): { sum: number } {
    let reasons = this.#counts.get(name);
    if (reasons === undefined) this.#counts.set(name, (reasons = new Map()));
    let count = reasons.get(reason);
    if (count === undefined) {
      reasons.set(reason, (count = { sum: 0 }));
      this.#size += 1;
    }
    return count;
  }
}

/**
 * What the hub counts of itself: every drop under a reason, every outcome under its name.
 * Names and reasons are literals of the code, so the map is bounded by the code; the bound below guards that.
 */
import type { Counters } from '#ports';

const maxCounters = 2000;

export class CounterBoard implements Counters {
  readonly #counts = new Map<string, number>();

  count(name: string, reason: string, by = 1): void {
    const key = `${name}/${reason}`;
    const present = this.#counts.get(key);
    if (present === undefined && this.#counts.size >= maxCounters) {
      this.#counts.set('counters/too-many-names', (this.#counts.get('counters/too-many-names') ?? 0) + by);
      return;
    }
    this.#counts.set(key, (present ?? 0) + by);
  }

  /** Sorted by name, so that two snapshots compare line by line. */
  snapshot(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

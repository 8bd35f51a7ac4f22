/** Small stand-ins for the ports that most tests do not look at. */
import type { Counters, Log, Timings } from '#ports';

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Remembers what was counted, as `name/reason`. */
export class CountersProbe implements Counters {
  readonly counts = new Map<string, number>();
  count(name: string, reason: string, by = 1): void {
    const key = `${name}/${reason}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }
}

/** Remembers what was timed, in seconds. */
export class TimingsProbe implements Timings {
  readonly observed: [name: string, seconds: number][] = [];
  observe(name: string, seconds: number): void {
    this.observed.push([name, seconds]);
  }
}

/**
 * Collects the connections that were written to within one tick and lets them write once, at its end:
 * ten events to a connection cost one system call instead of ten, and no timer delays the first.
 */
export interface Flushable {
  /** Writes what was collected. Must not throw. */
  flushFrames(): void;
}

export class WriteBatch {
  #waiting: Flushable[] = [];

  add(connection: Flushable): void {
    if (this.#waiting.length === 0) process.nextTick(() => this.#flush());
    this.#waiting.push(connection);
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const connection of waiting) connection.flushFrames();
  }
}

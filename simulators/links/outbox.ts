/**
 * What a device has to say and was not yet acknowledged, oldest first and bounded.
 * A message leaves when the hub has answered; a cut puts what was under way back in its place.
 */
import type { DeviceMessage } from '../messages.ts';

export interface Entry {
  readonly message: DeviceMessage;
  /** Monotonic ms of the last time it was sent; undefined while it waits. */
  sentAtMs: number | undefined;
}

export class Outbox {
  readonly #capacity: number;
  readonly #onOverflow: () => void;
  #entries: Entry[] = [];

  constructor(parts: { readonly capacity: number; readonly onOverflow: () => void }) {
    this.#capacity = parts.capacity;
    this.#onOverflow = parts.onOverflow;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** A full outbox forgets its oldest message: of a long outage the recent past is worth most. */
  add(message: DeviceMessage): void {
    if (this.#entries.length >= this.#capacity) {
      this.#entries.shift();
      this.#onOverflow();
    }
    this.#entries.push({ message, sentAtMs: undefined });
  }

  /** The oldest message that waits, unless `window` are under way already. */
  next(window: number): Entry | undefined {
    const reach = this.#entries.slice(0, window);
    return reach.find((entry) => entry.sentAtMs === undefined);
  }

  /** When the message that has been under way longest was sent. */
  oldestSentAtMs(): number | undefined {
    return this.#entries.find((entry) => entry.sentAtMs !== undefined)?.sentAtMs;
  }

  /** The hub has answered. False: it is not here any more (overflowed meanwhile). */
  remove(entry: Entry): boolean {
    const index = this.#entries.indexOf(entry);
    if (index < 0) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  /** The connection is gone: all that was under way waits again, in its old place. */
  rewind(): void {
    for (const entry of this.#entries) entry.sentAtMs = undefined;
  }
}

/**
 * The events of one namespace, each once and in order, over every reconnection. Live events are held back while a
 * subscription still waits for what it missed: those come first. Framework-free.
 */
import type { EventMessage } from '#contract/event.ts';

/** Live events that may wait for an answer; beyond, order gives way to memory. */
const heldEvents = 2000;

export class EventStream {
  readonly #listeners = new Set<(event: EventMessage) => void>();
  #held: EventMessage[] = [];
  #isHolding = false;
  #epoch: string | undefined;
  /** The offset of the last event that was told. */
  #last = 0;

  on(listener: (event: EventMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What was missed is being asked for: live events wait. */
  hold(): void {
    this.#isHolding = true;
  }

  live(event: EventMessage): void {
    this.#held.push(event);
    if (!this.#isHolding || this.#held.length > heldEvents) this.#tell();
  }

  /** The answer to a subscription: offsets of another epoch start again. */
  answered(epoch: string, events: readonly EventMessage[] = []): void {
    if (this.#epoch !== undefined && epoch !== this.#epoch) this.#last = 0;
    this.#epoch = epoch;
    this.#held.push(...events);
  }

  /** Nothing is asked for any more. */
  release(): void {
    this.#isHolding = false;
    this.#tell();
  }

  #tell(): void {
    const held = this.#held.toSorted((a, b) => a.offset - b.offset);
    this.#held = [];
    for (const event of held) {
      if (event.offset <= this.#last) continue;
      this.#last = event.offset;
      for (const listener of this.#listeners) listener(event);
    }
  }
}

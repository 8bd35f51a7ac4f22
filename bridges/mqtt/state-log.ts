/**
 * What changes in the broker's state on its way to the disk: all changes of one turn of the event loop are one
 * transaction, in order.
 */
import type { BrokerChange, BrokerStateStore } from '#ports';

export class StateLog {
  readonly #store: Pick<BrokerStateStore, 'change'>;
  #pending: BrokerChange[] = [];
  #written: Promise<void> = Promise.resolve();
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: Pick<BrokerStateStore, 'change'>) {
    this.#store = store;
  }

  /** Resolves when durable. @throws {TryAgainError} it is not kept */
  add(change: BrokerChange): Promise<void> {
    this.#pending.push(change);
    if (this.#pending.length === 1) {
      this.#written = Promise.resolve().then(() => this.#flush());
      this.#last = Promise.allSettled([this.#last, this.#written]);
    }
    return this.#written;
  }

  /** Resolves when all that was added is written, or failed to be. */
  async settled(): Promise<void> {
    await this.#last;
  }

  #flush(): Promise<void> {
    const changes = this.#pending;
    this.#pending = [];
    return this.#store.change(changes);
  }
}

/**
 * What a session at somebody else's broker is subscribed to, as far as we ever asked for it: nothing tells a client, and a
 * share that was renamed or given up would go on taking its part of the messages. Remembered over restarts of the hub.
 */
import type { BrokerStateStore } from '#ports';

const kind = 'subscribed';
const nothing = new Uint8Array();

export class SubscribedFilters {
  readonly #store: BrokerStateStore;
  readonly #session: string;
  #filters: Set<string> | undefined;

  /** @param session names it and its broker */
  constructor(store: BrokerStateStore, session: string) {
    this.#store = store;
    this.#session = session;
  }

  /** Before they are asked for. @returns what an earlier plan asked for besides */
  async add(filters: readonly string[]): Promise<string[]> {
    const known = (this.#filters ??= await this.#load());
    const fresh = filters.filter((filter) => !known.has(filter));
    await this.#change(
      fresh.map((key) => ({ kind, client: this.#session, key, facts: '{}', payload: nothing })),
    );
    for (const filter of fresh) known.add(filter);
    return [...known].filter((filter) => !filters.includes(filter));
  }

  /** They were given up. */
  async remove(filters: readonly string[]): Promise<void> {
    await this.#change(filters.map((key) => ({ kind, client: this.#session, key })));
    for (const filter of filters) this.#filters?.delete(filter);
  }

  async #load(): Promise<Set<string>> {
    const rows = await this.#store.load();
    return new Set(
      rows.filter((row) => row.kind === kind && row.client === this.#session).map(({ key }) => key),
    );
  }

  async #change(changes: Parameters<BrokerStateStore['change']>[0]): Promise<void> {
    if (changes.length > 0) await this.#store.change(changes);
  }
}

/**
 * Topics of which nobody at the broker wants to hear: most telemetry. A message on one need not go through the broker's
 * machinery. Learnt from what the broker asks its persistence for each message that does, so nothing is asked twice.
 * Forgotten whenever a subscription comes or goes; what is not known to be quiet is not. Bounded.
 * Looks into aedes 1.2 and what it is made of: its test fails when an upgrade breaks that.
 */
import type { Aedes } from 'aedes';

interface Inside {
  /** Of connected clients. */
  readonly mq: { readonly _matcher?: { match(topic: string): readonly unknown[] } };
  readonly persistence: {
    /** Of sessions, whether their client is here or away. */
    subscriptionsByTopic(topic: string): Promise<readonly unknown[]>;
  } & Record<Changing, (...args: readonly unknown[]) => Promise<unknown>>;
  subscribe(...args: readonly unknown[]): unknown;
}
type Changing = 'addSubscriptions' | 'removeSubscriptions' | 'cleanSubscriptions';

const changing: readonly Changing[] = ['addSubscriptions', 'removeSubscriptions', 'cleanSubscriptions'];
const remembered = 20_000;

export class QuietTopics {
  readonly #match: (topic: string) => readonly unknown[];
  readonly #quiet = new Set<string>();
  /** Grows with each change of subscriptions. */
  #version = 0;

  /** @throws {TypeError} this version of aedes cannot be asked */
  constructor(aedes: Aedes) {
    const broker = aedes as unknown as Inside;
    const { _matcher: matcher } = broker.mq;
    if (typeof matcher?.match !== 'function')
      throw new TypeError('aedes was upgraded to a version whose subscriptions cannot be asked for.');
    this.#match = (topic) => matcher.match(topic);
    const subscribe = broker.subscribe.bind(broker);
    broker.subscribe = (...args) => {
      this.#forget();
      return subscribe(...args);
    };
    const ask = broker.persistence.subscriptionsByTopic.bind(broker.persistence);
    broker.persistence.subscriptionsByTopic = async (topic) => {
      const version = this.#version;
      const sessions = await ask(topic);
      if (sessions.length === 0 && version === this.#version) this.#learn(topic);
      return sessions;
    };
    for (const name of changing) {
      const change = broker.persistence[name].bind(broker.persistence);
      broker.persistence[name] = async (...args) => {
        try {
          return await change(...args);
        } finally {
          this.#forget();
        }
      };
    }
  }

  has(topic: string): boolean {
    return this.#quiet.has(topic);
  }

  /** No session wants it. */
  #learn(topic: string): void {
    if (this.#match(topic).length > 0) return;
    if (this.#quiet.size >= remembered) this.#quiet.clear();
    this.#quiet.add(topic);
  }

  #forget(): void {
    this.#version += 1;
    this.#quiet.clear();
  }
}

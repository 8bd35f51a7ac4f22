/** The rules by which history is let go: kept in the store, changed by admins, asked by the door for what is too old. */
import { longestDays, type RetentionPolicy } from '#contract/retention.ts';
import type { RetentionRule } from '#contract/retention-rules.ts';
import type { Retention, RetentionStore } from '#ports';

const dayUs = 86_400_000_000;

export class RetentionService implements Retention {
  readonly #store: RetentionStore;
  #policy: RetentionPolicy;
  /** Asked for each delivery. */
  #keptUs: number;

  static async open(store: RetentionStore, defaultDays: number): Promise<RetentionService> {
    return new RetentionService(store, { defaultDays, rules: await store.load() });
  }

  private constructor(store: RetentionStore, policy: RetentionPolicy) {
    this.#store = store;
    this.#policy = policy;
    this.#keptUs = keptUsOf(policy);
  }

  policy(): RetentionPolicy {
    return this.#policy;
  }

  async change(rules: readonly RetentionRule[]): Promise<RetentionPolicy> {
    await this.#store.save(rules);
    this.#policy = { ...this.#policy, rules };
    this.#keptUs = keptUsOf(this.#policy);
    return this.#policy;
  }

  keptUs(): number {
    return this.#keptUs;
  }
}

function keptUsOf(policy: RetentionPolicy): number {
  const days = longestDays(policy);
  return days === null ? Number.POSITIVE_INFINITY : days * dayUs;
}

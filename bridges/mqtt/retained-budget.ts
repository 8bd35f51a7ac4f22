/** How much each token may leave behind as retained messages: RELIABILITY's "retained poisoning". In memory, bounded. */
import { limits } from '#contract/limits.ts';

export class RetainedBudget {
  readonly #topics = new Map<string, Set<string>>();

  /** May this be retained? An empty payload clears the topic and is always allowed. */
  allows(tokenId: string, topic: string, bytes: number): boolean {
    const topics = this.#topics.get(tokenId);
    if (bytes === 0) {
      topics?.delete(topic);
      return true;
    }
    if (bytes > limits.mqttRetainedBytes) return false;
    if (topics === undefined) {
      this.#topics.set(tokenId, new Set([topic]));
      return true;
    }
    if (topics.has(topic)) return true;
    if (topics.size >= limits.mqttRetainedTopicsPerToken) return false;
    topics.add(topic);
    return true;
  }
}

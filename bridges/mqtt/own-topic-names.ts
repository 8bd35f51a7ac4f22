/**
 * Our own topics, parsed once and remembered: a device publishes to the same few topics all its life.
 * Spec: ARCHITECTURE §8. Bounded.
 */
import { parseTopic, type OwnTopic } from '#contract/topics.ts';

/** More than a hub of many devices uses at a time; all are forgotten then, and come back by themselves. */
const remembered = 20_000;

export class OwnTopics {
  readonly #root: string;
  readonly #known = new Map<string, OwnTopic>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Undefined: it is none of ours. */
  parse(topic: string): OwnTopic | undefined {
    const known = this.#known.get(topic);
    if (known !== undefined) return known;
    const parsed = parseTopic(topic, this.#root);
    // Each answer to a command has a topic of its own.
    if (parsed === undefined || 'id' in parsed) return parsed;
    if (this.#known.size >= remembered) this.#known.clear();
    this.#known.set(topic, parsed);
    return parsed;
  }

  isTelemetry(topic: string): boolean {
    return this.parse(topic)?.kind === 'telemetry';
  }
}

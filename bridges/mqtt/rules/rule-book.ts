/** All mappings, asked for every message that is not on our own topics: which of them select a topic is remembered. */
import { limits } from '#contract/limits.ts';
import type { Mapping } from '#contract/mapping.ts';
import type { FamilyMessage, FamilyOutcome } from '../families/family.ts';
import type { Rules } from '../mapping.ts';
import { Rule } from './rule.ts';

export class RuleBook implements Rules {
  readonly #rules = new Map<string, { readonly mapping: Mapping; readonly rule: Rule }>();
  /** Which rules select a topic; forgotten as a whole when full or when a rule changes. */
  readonly #selecting = new Map<string, readonly Rule[]>();

  get size(): number {
    return this.#rules.size;
  }

  list(): readonly Mapping[] {
    return [...this.#rules.values()].map(({ mapping }) => mapping);
  }

  get(id: string): Mapping | undefined {
    return this.#rules.get(id)?.mapping;
  }

  /** @throws {RequestError} 400 it cannot be used */
  set(mapping: Mapping): void {
    this.#rules.set(mapping.id, { mapping, rule: new Rule(mapping) });
    this.#selecting.clear();
  }

  delete(id: string): void {
    this.#rules.delete(id);
    this.#selecting.clear();
  }

  /** The oldest that finds something decides; if none does, the oldest says what it missed. */
  decode(message: FamilyMessage): FamilyOutcome | undefined {
    if (this.#rules.size === 0) return undefined;
    let first: FamilyOutcome | undefined;
    for (const rule of this.#rulesOf(message.topic)) {
      const outcome = rule.decode(message);
      if (outcome !== undefined && outcome.reports.length > 0) return outcome;
      first ??= outcome;
    }
    return first;
  }

  #rulesOf(topic: string): readonly Rule[] {
    const known = this.#selecting.get(topic);
    if (known !== undefined) return known;
    if (this.#selecting.size >= limits.devicesPerGroup) this.#selecting.clear();
    const found = [...this.#rules.values()].filter(({ rule }) => rule.selects(topic)).map(({ rule }) => rule);
    this.#selecting.set(topic, found);
    return found;
  }
}

/**
 * Base topics that are not a family's default, learnt from messages that no other program sends below them. Whoever has a
 * base of its own has a group of its own, too: two bridges may well name two devices alike. Pure.
 */
import { toGroupId } from '#contract/names.ts';
import type { FamilyOutcome } from './family.ts';
import { KnownNames } from './known-names.ts';

export interface Based {
  readonly base: string;
  /** Undefined: the family's own. */
  readonly group?: string | undefined;
  /** What stands behind the base. */
  readonly rest: readonly string[];
}

/** Of a base. */
const mostLevels = 3;

export class LearnedBases {
  readonly #bases = new KnownNames();
  #isEmpty = true;

  tell(family: string, base: string): void {
    this.#isEmpty = false;
    this.#bases.tell(family, base);
  }

  /** @param usual the default base, one level. @returns undefined: neither that nor one that was learnt */
  split(family: string, usual: string, levels: readonly string[]): Based | undefined {
    if (levels[0] === usual) return { base: usual, rest: levels.slice(1) };
    if (this.#isEmpty) return undefined;
    for (let count = 1; count <= mostLevels && count < levels.length; count += 1) {
      const base = levels.slice(0, count).join('/');
      if (this.#bases.has(family, base)) return { base, group: toGroupId(base), rest: levels.slice(count) };
    }
    return undefined;
  }
}

/** What was said below a base of its own. @param group undefined: the family's */
export function inGroup(outcome: FamilyOutcome, group: string | undefined): FamilyOutcome {
  if (group === undefined) return outcome;
  return { ...outcome, reports: outcome.reports.map((report) => ({ ...report, group })) };
}

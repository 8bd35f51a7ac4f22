/**
 * How long history is kept: rules of people, looked at in order; the first that fits decides. Pure. The store's threads
 * load this: what they do not use, such as schemas, stands elsewhere.
 */
import { compileSelection } from './patterns.ts';
import type { RetentionRule } from './retention-rules.ts';

export interface RetentionPolicy {
  /** What no rule is about, from the settings. */
  readonly defaultDays: number;
  readonly rules: readonly RetentionRule[];
}

/** Days for which readings of this kind are kept. */
export type DaysKept = (group: string, metric: string | undefined) => number | null;

/** @returns asked with a metric for readings, without one for events */
export function compileRetention({ defaultDays, rules }: RetentionPolicy): DaysKept {
  const compiled = rules.map(({ group, metric, days: kept }) => {
    const selection = compileSelection(metric === undefined ? undefined : [metric]);
    const fits = (of: string, what: string | undefined): boolean =>
      (group === undefined || group === of) &&
      (metric === undefined || (what !== undefined && selection.matches(what)));
    return { fits, kept };
  });
  return (group, metric) => {
    const rule = compiled.find(({ fits }) => fits(group, metric));
    return rule === undefined ? defaultDays : rule.kept;
  };
}

/** The longest that anything is kept; `null`: for ever. */
export function longestDays({ defaultDays, rules }: RetentionPolicy): number | null {
  const all = [defaultDays, ...rules.map(({ days: kept }) => kept)];
  return all.includes(null) ? null : Math.max(...all.map(Number));
}

/** How long history is kept: rules of people, looked at in order; the first that fits decides. Pure. */
import Type from 'typebox';
import { limits } from './limits.ts';
import { compileSelection } from './patterns.ts';

const days = Type.Integer({ minimum: 1, maximum: 36_500 });

export const RetentionRule = Type.Object(
  {
    /** Absent: every group. */
    group: Type.Optional(Type.String({ minLength: 1, maxLength: limits.groupChars })),
    /** An id, or a pattern with `*` for any run of characters. Absent: every metric, and events. */
    metric: Type.Optional(Type.String({ minLength: 1, maxLength: limits.idChars })),
    /** `null`: for ever. */
    days: Type.Union([days, Type.Null()]),
  },
  { additionalProperties: false },
);
export type RetentionRule = Type.Static<typeof RetentionRule>;

export const RetentionRules = Type.Array(RetentionRule, { maxItems: 1000 });

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

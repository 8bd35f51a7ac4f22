/** A rule of retention as it is typed. */
import type { RetentionRule } from '#contract/retention-rules.ts';

const mostDays = 36_500;

export interface RetentionRow {
  /** Empty: every group. */
  readonly group: string;
  /** Empty: every metric, and events. */
  readonly metric: string;
  /** Empty: for ever. */
  readonly days: string;
}

export function rowOf({ group = '', metric = '', days }: RetentionRule): RetentionRow {
  return { group, metric, days: days === null ? '' : String(days) };
}

/** @returns undefined while the days are none: 1 to 36,500, whole */
export function ruleOf({ group, metric, days }: RetentionRow): RetentionRule | undefined {
  const text = days.trim();
  const count = text === '' ? null : Number(text);
  if (count !== null && !(Number.isInteger(count) && count >= 1 && count <= mostDays)) return undefined;
  return {
    ...(group.trim() === '' ? {} : { group: group.trim() }),
    ...(metric.trim() === '' ? {} : { metric: metric.trim() }),
    days: count,
  };
}

import { expect, test } from 'vitest';
import { rowOf, ruleOf } from '../../../dashboards/format/retention-row.ts';

test('a rule is typed as it was read', () => {
  const rules = [
    { group: 'hall', metric: 'power_*', days: 30 },
    { metric: 'energy', days: null },
    { days: 7 },
  ];
  expect(rules.map((rule) => ruleOf(rowOf(rule)))).toEqual(rules);
});

test('an empty place is any, and empty days are for ever', () => {
  expect(ruleOf({ group: ' ', metric: '', days: ' ' })).toEqual({ days: null });
});

test.each(['0', '-1', '1.5', '36501', 'ten'])('%s are no days', (days) => {
  expect(ruleOf({ group: 'hall', metric: '', days })).toBeUndefined();
});

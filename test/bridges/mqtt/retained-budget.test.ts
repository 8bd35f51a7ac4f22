import { expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { RetainedBudget } from '../../../bridges/mqtt/retained-budget.ts';

test('a token may retain so many topics, again and again, but not one more', () => {
  const budget = new RetainedBudget();
  for (let index = 0; index < limits.mqttRetainedTopicsPerToken; index += 1)
    expect(budget.allows('token', `t/${index}`, 1)).toBe(true);
  expect(budget.allows('token', 't/0', 1)).toBe(true);
  expect(budget.allows('token', 'one/more', 1)).toBe(false);
  expect(budget.allows('other', 'one/more', 1)).toBe(true);
});

test('a cleared topic makes room', () => {
  const budget = new RetainedBudget();
  for (let index = 0; index < limits.mqttRetainedTopicsPerToken; index += 1)
    budget.allows('token', `t/${index}`, 1);
  expect(budget.allows('token', 't/0', 0)).toBe(true);
  expect(budget.allows('token', 'one/more', 1)).toBe(true);
});

test('a retained message has a largest size', () => {
  const budget = new RetainedBudget();
  expect(budget.allows('token', 't', limits.mqttRetainedBytes)).toBe(true);
  expect(budget.allows('token', 't', limits.mqttRetainedBytes + 1)).toBe(false);
});

import { expect, test } from 'vitest';
import { Budget } from '../../../hub/store/budget.ts';

const overloaded = expect.objectContaining({ name: 'TryAgainError', code: 'overloaded' });

test('above the budget nothing more is taken, until something was given back', () => {
  const budget = new Budget(10);
  budget.take(6);
  expect(() => budget.take(5)).toThrow(overloaded);
  budget.take(4);
  budget.give(6);
  budget.take(5);
});

test('half of it is kept for what does not give way', () => {
  const budget = new Budget(100);
  budget.take(50, true);
  expect(() => budget.take(1, true)).toThrow(overloaded);
  budget.take(50);
});

test('once what gives way found no room, none of it is looked at before some of that is free again', () => {
  const budget = new Budget(100);
  budget.take(44, true);
  expect(budget.shedding).toBeUndefined();
  expect(() => budget.take(10, true)).toThrow(overloaded);
  expect(budget.shedding).toBeUndefined();
  budget.take(2, true);
  expect(() => budget.take(10, true)).toThrow(overloaded);
  expect(budget.shedding).toMatchObject({ name: 'TryAgainError', code: 'overloaded' });
  budget.give(1);
  expect(budget.shedding).toBeUndefined();
});

test('what does not give way and found no room sheds nothing', () => {
  const budget = new Budget(100);
  budget.take(95);
  expect(() => budget.take(10)).toThrow(overloaded);
  expect(budget.shedding).toBeUndefined();
});

test('work that fails gives back what it took, work without room does not begin', async () => {
  const budget = new Budget(10);
  const failing = budget.during(10, () => Promise.reject(new Error('disk')));
  await expect(budget.during(1, () => Promise.resolve('begun'))).rejects.toThrow(overloaded);
  await expect(failing).rejects.toThrow('disk');
  expect(await budget.during(10, () => Promise.resolve('begun'))).toBe('begun');
});

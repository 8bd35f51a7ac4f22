import { expect, test } from 'vitest';
import { CounterBoard } from '../../hub/observe.ts';

test('counts add up under name and reason, listed in order', () => {
  const board = new CounterBoard();
  board.count('readings.dropped', 'qos0-overload');
  board.count('readings.dropped', 'qos0-overload', 4);
  board.count('readings.accepted', 'mqtt', 2);
  expect(Object.entries(board.snapshot())).toEqual([
    ['readings.accepted/mqtt', 2],
    ['readings.dropped/qos0-overload', 5],
  ]);
});

test('a flood of new names is bounded, and counted itself', () => {
  const board = new CounterBoard();
  for (let index = 0; index < 3000; index += 1) board.count(`name-${index}`, 'x');
  const snapshot = board.snapshot();
  expect(Object.keys(snapshot).length).toBeLessThanOrEqual(2001);
  expect(snapshot['counters/too-many-names']).toBe(1000);
});

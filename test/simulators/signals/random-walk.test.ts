import { expect, test } from 'vitest';
import { randomWalk } from '../../../simulators/signals/random-walk.ts';

const walk = { seed: 4, periodMs: 60_000 };
const start = Date.UTC(2026, 5, 1);
const line = Array.from({ length: 600 }, (_, second) => randomWalk(walk, start + second * 1000));

test('an instant answers the same whether it is asked first or last', () => {
  expect(randomWalk(walk, start + 300_000)).toBe(line[300]);
});

test('it stays within [-1, 1], wanders, and does not jump within a second', () => {
  expect(Math.max(...line.map(Math.abs))).toBeLessThanOrEqual(1);
  expect(Math.max(...line) - Math.min(...line)).toBeGreaterThan(0.5);
  for (const [index, value] of line.entries())
    expect(Math.abs(value - (line[index - 1] ?? value))).toBeLessThan(0.3);
});

test('another seed walks another way', () => {
  expect(randomWalk({ ...walk, seed: 5 }, start)).not.toBe(line[0]);
});

import { expect, test } from 'vitest';
import { isOn, switchedAt } from '../../../simulators/signals/duty-cycle.ts';

const cycle = { seed: 9, periodMs: 100_000, share: 0.3 };
const start = Date.UTC(2026, 5, 1);
const seconds = Array.from({ length: 1000 }, (_, second) => start + second * 1000);

test('it is on for its share of the time', () => {
  expect(seconds.filter((atMs) => isOn(cycle, atMs)).length / seconds.length).toBeCloseTo(0.3, 2);
});

test('it tells since when it is as it is: a moment before, it was the other way', () => {
  for (const atMs of seconds) {
    const sinceMs = switchedAt(cycle, atMs);
    expect(sinceMs).toBeLessThanOrEqual(atMs);
    expect(isOn(cycle, sinceMs)).toBe(isOn(cycle, atMs));
    expect(isOn(cycle, sinceMs - 1)).toBe(!isOn(cycle, atMs));
  }
});

test('two seeds do not switch together', () => {
  const differs = seconds.some((atMs) => isOn(cycle, atMs) !== isOn({ ...cycle, seed: 10 }, atMs));
  expect(differs).toBe(true);
});

import { expect, test } from 'vitest';
import { dailyCycle, dailyCycleHours, dayMs, daylight } from '../../../simulators/signals/daily-cycle.ts';

const at = (hour: number) => Date.UTC(2026, 5, 1, hour);

test('the peak is at its hour, the trough twelve hours later', () => {
  expect(dailyCycle(at(14), 14)).toBeCloseTo(1, 9);
  expect(dailyCycle(at(2), 14)).toBeCloseTo(-1, 9);
  expect(dailyCycle(at(8), 14)).toBeCloseTo(0, 9);
});

test('every day is like the one before', () => {
  expect(dailyCycle(at(9) + dayMs, 14)).toBeCloseTo(dailyCycle(at(9), 14), 9);
});

test('there is no daylight at midnight and most of it at noon', () => {
  expect(daylight(at(0), 12)).toBe(0);
  expect(daylight(at(12), 12)).toBeCloseTo(1, 9);
});

test('its integral grows by what the cycle says', () => {
  const step = 60_000;
  const sum = Array.from({ length: 360 }, (_, minute) => dailyCycle(at(9) + (minute + 0.5) * step, 14) / 60);
  const expected = sum.reduce((total, part) => total + part, 0);
  expect(dailyCycleHours(at(15), 14) - dailyCycleHours(at(9), 14)).toBeCloseTo(expected, 4);
});

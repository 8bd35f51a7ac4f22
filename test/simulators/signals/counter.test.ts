import { expect, test } from 'vitest';
import { counter } from '../../../simulators/signals/counter.ts';
import { dayMs } from '../../../simulators/signals/daily-cycle.ts';

const meter = { sinceMs: Date.UTC(2026, 0, 1), perHour: 2, swing: 1, peakHour: 18 };

test('it starts at zero and never counts backwards, even with the widest swing', () => {
  expect(counter(meter, meter.sinceMs)).toBe(0);
  let last = 0;
  for (let minute = 1; minute < 2000; minute += 1) {
    const value = counter(meter, meter.sinceMs + minute * 60_000);
    expect(value).toBeGreaterThanOrEqual(last);
    last = value;
  }
});

test('a whole day adds a day at the mean rate', () => {
  expect(counter(meter, meter.sinceMs + dayMs)).toBeCloseTo(48, 6);
});

test('a swing that would count backwards is refused', () => {
  expect(() => counter({ ...meter, swing: 1.2 }, meter.sinceMs)).toThrow(RangeError);
});

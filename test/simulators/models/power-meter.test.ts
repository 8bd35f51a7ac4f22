import { expect, test } from 'vitest';
import { powerMeter } from '../../../simulators/models/power-meter.ts';

const day = Date.UTC(2026, 5, 1);

function at(atMs: number, seed = 3) {
  return powerMeter.values(atMs, seed, {}) as Readonly<
    Record<'power' | 'voltage' | 'current' | 'energy', number>
  >;
}

test('the counter only grows', () => {
  let before = at(day).energy;
  for (let minute = 1; minute < 1440; minute += 1) {
    const { energy } = at(day + minute * 60_000);
    expect(energy).toBeGreaterThan(before);
    before = energy;
  }
});

test('a day of power adds up to what the counter counted', () => {
  let kilowattHours = 0;
  for (let minute = 0; minute < 1440; minute += 1) kilowattHours += at(day + minute * 60_000).power / 60_000;
  const counted = at(day + 86_400_000).energy - at(day).energy;
  expect(kilowattHours / counted).toBeGreaterThan(0.9);
  expect(kilowattHours / counted).toBeLessThan(1.1);
});

test('power, voltage and current belong together', () => {
  const { power, voltage, current } = at(day + 123_456);
  expect(voltage * current * 0.96).toBeCloseTo(power, 6);
});

test('a compressor makes edges of two hundred watts within a second', () => {
  const steps = Array.from({ length: 3600 }, (_, second) =>
    Math.abs(at(day + (second + 1) * 1000).power - at(day + second * 1000).power),
  );
  expect(steps.filter((step) => step > 150).length).toBeGreaterThan(5);
});

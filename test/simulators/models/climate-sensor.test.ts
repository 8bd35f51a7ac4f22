import { expect, test } from 'vitest';
import { climateSensor } from '../../../simulators/models/climate-sensor.ts';
import { sampleOf, type Values } from '../../../simulators/models/model.ts';

const day = Date.UTC(2026, 5, 1);

function at(hour: number, seed = 3): Values {
  return sampleOf(climateSensor, day + hour * 3_600_000, seed);
}

/** Over seeds, since each room has its own weather. */
function mean(metric: string, hour: number): number {
  const seeds = Array.from({ length: 50 }, (_, seed) => Number(at(hour, seed)[metric]));
  return seeds.reduce((sum, value) => sum + value, 0) / seeds.length;
}

test('afternoons are warm, nights are damp, and plants breathe in by day', () => {
  expect(mean('temperature', 14)).toBeGreaterThan(mean('temperature', 2) + 5);
  expect(mean('humidity', 2)).toBeGreaterThan(mean('humidity', 14) + 5);
  expect(mean('co2', 13)).toBeLessThan(mean('co2', 1) - 100);
});

test('a cell empties over months and is changed then', () => {
  const levels = Array.from({ length: 400 }, (_, days) => Number(at(days * 24)['battery']));
  const changes = levels.filter((level, index) => index > 0 && level > Number(levels[index - 1]));
  expect(changes).toHaveLength(2);
  for (const level of changes) expect(level).toBeGreaterThan(98);
});

test('two rooms differ', () => expect(at(12, 1)).not.toEqual(at(12, 2)));

/** Air in a greenhouse or a room: warm by day, damp by night, plants breathing. */
import { dailyCycle, dayMs, daylight, hourMs } from '../signals/daily-cycle.ts';
import { chance } from '../signals/noise.ts';
import { randomWalk } from '../signals/random-walk.ts';
import { identify } from './model.ts';
import type { Model } from './model.ts';

export const climateSensor: Model = {
  kind: 'climate-sensor',
  title: 'Climate sensor',
  model: 'SIM-TH20',
  metrics: [
    { metric: 'temperature', title: 'Temperature', unit: 'Cel', class: 'temperature', precision: 2 },
    { metric: 'humidity', title: 'Humidity', unit: '%', class: 'humidity', precision: 1 },
    { metric: 'co2', title: 'CO₂', unit: '[ppm]', class: 'carbon_dioxide', precision: 0 },
    { metric: 'battery', title: 'Battery', unit: '%', class: 'battery', precision: 0 },
  ],
  controls: [identify],
  values(atMs, seed) {
    const wander = randomWalk({ seed, periodMs: 2 * hourMs, octaves: 7 }, atMs);
    const temperature = 21 + 4 * chance(seed, 1) + 5 * dailyCycle(atMs, 14) + 1.5 * wander;
    const damp = randomWalk({ seed: seed + 11, periodMs: 3 * hourMs, octaves: 7 }, atMs);
    const breath = randomWalk({ seed: seed + 23, periodMs: hourMs, octaves: 6 }, atMs);
    return {
      temperature,
      humidity: clamp(112 - 2 * temperature + 5 * damp, 20, 99),
      co2: 620 - 190 * daylight(atMs, 13) + 60 * breath,
      // A cell lasts 200 days, then somebody changes it.
      battery: 100 - 80 * ((atMs / (200 * dayMs) + chance(seed, 2)) % 1),
    };
  },
};

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

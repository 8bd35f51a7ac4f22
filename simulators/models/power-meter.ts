/** The meter in the cabinet: mains voltage, load with its daily shape, and energy that only grows. */
import { dailyCycle, hourMs } from '../signals/daily-cycle.ts';
import { counter } from '../signals/counter.ts';
import { isOn } from '../signals/duty-cycle.ts';
import { chance } from '../signals/noise.ts';
import { randomWalk } from '../signals/random-walk.ts';
import { identify } from './model.ts';
import type { Model } from './model.ts';

const installedMs = Date.UTC(2025, 0, 1);
const swing = 0.5;
const peakHour = 18;

export const powerMeter: Model = {
  kind: 'power-meter',
  title: 'Power meter',
  model: 'SIM-EM3',
  metrics: [
    { metric: 'power', title: 'Power', unit: 'W', class: 'power', precision: 1 },
    { metric: 'voltage', title: 'Voltage', unit: 'V', class: 'voltage', precision: 1 },
    { metric: 'current', title: 'Current', unit: 'A', class: 'current', precision: 3 },
    { metric: 'energy', title: 'Energy', unit: 'kW.h', class: 'energy', precision: 3 },
  ],
  controls: [identify],
  values(atMs, seed) {
    const baseWatts = 300 + 500 * chance(seed, 1);
    const load =
      1 +
      swing * dailyCycle(atMs, peakHour) +
      0.15 * randomWalk({ seed, periodMs: hourMs / 2, octaves: 8 }, atMs);
    // A compressor that starts every twelve minutes: the edge every meter shows.
    const compressor = isOn({ seed: seed + 1, periodMs: 12 * 60_000, share: 0.3 }, atMs) ? 140 : -60;
    const power = baseWatts * load + compressor;
    const voltage = 230 + 3 * randomWalk({ seed: seed + 2, periodMs: hourMs / 4, octaves: 8 }, atMs);
    return {
      power,
      voltage,
      current: power / (voltage * 0.96),
      energy: counter({ sinceMs: installedMs, perHour: baseWatts / 1000, swing, peakHour }, atMs),
    };
  },
};

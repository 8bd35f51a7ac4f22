/** A circulation pump with a relay and a speed to set; pressure and power follow both. */
import { hourMs } from '../signals/daily-cycle.ts';
import { isOn, switchedAt } from '../signals/duty-cycle.ts';
import { randomWalk } from '../signals/random-walk.ts';
import { followed } from './model.ts';
import type { Model } from './model.ts';

const usualSpeed = 60;
const runUpMs = 3000;

export const pump: Model = {
  kind: 'pump',
  title: 'Pump',
  model: 'SIM-P400',
  metrics: [
    { metric: 'running', title: 'Running', class: 'running' },
    { metric: 'speed', title: 'Speed set point', unit: '%', precision: 0 },
    { metric: 'pressure', title: 'Pressure', unit: 'bar', class: 'pressure', precision: 2 },
    { metric: 'power', title: 'Power', unit: 'W', class: 'power', precision: 1 },
  ],
  controls: [
    { name: 'running', kind: 'switch', title: 'Run', metric: 'running' },
    { name: 'speed', kind: 'slider', title: 'Speed', metric: 'speed', unit: '%', min: 20, max: 100, step: 5 },
  ],
  values(atMs, seed, settings) {
    const programme = { seed, periodMs: hourMs, share: 0.7 };
    const running =
      settings.running?.value === undefined ? isOn(programme, atMs) : settings.running.value === true;
    const sinceMs = settings.running?.sinceMs ?? switchedAt(programme, atMs);
    const speed = typeof settings.speed?.value === 'number' ? settings.speed.value : usualSpeed;
    const run = followed(sinceMs, atMs, runUpMs);
    const share = (running ? run : 1 - run) * (speed / 100);
    const ripple = randomWalk({ seed: seed + 3, periodMs: 15_000 }, atMs);
    return {
      running,
      speed,
      pressure: Math.max(0, 0.1 + 3.6 * share ** 2 + 0.06 * share * ripple),
      power: running ? 18 + 380 * share ** 3 + 6 * share * ripple : 0.6,
    };
  },
};

/** A planted bed with a probe in the soil and a valve: waters itself every half hour until told otherwise. */
import { dailyCycle, hourMs } from '../signals/daily-cycle.ts';
import { isOn, switchedAt } from '../signals/duty-cycle.ts';
import { chance } from '../signals/noise.ts';
import { randomWalk } from '../signals/random-walk.ts';
import { followed } from './model.ts';
import type { Model } from './model.ts';

const wateringMs = hourMs / 2;
const soakMs = 4 * 60_000;
const dryingMs = 20 * 60_000;

export const greenhouseBed: Model = {
  kind: 'greenhouse-bed',
  title: 'Greenhouse bed',
  model: 'SIM-BED1',
  metrics: [
    { metric: 'soil_moisture', title: 'Soil moisture', unit: '%', class: 'moisture', precision: 1 },
    {
      metric: 'soil_temperature',
      title: 'Soil temperature',
      unit: 'Cel',
      class: 'temperature',
      precision: 2,
    },
    { metric: 'flow', title: 'Water flow', unit: 'L/min', class: 'volume_flow_rate', precision: 2 },
    { metric: 'valve', title: 'Valve', class: 'opening' },
  ],
  controls: [{ name: 'valve', kind: 'switch', title: 'Valve', metric: 'valve' }],
  values(atMs, seed, settings) {
    const programme = { seed, periodMs: wateringMs, share: 0.2 };
    const open = settings.valve?.value === undefined ? isOn(programme, atMs) : settings.valve.value === true;
    const sinceMs = settings.valve?.sinceMs ?? switchedAt(programme, atMs);
    const wetting = open ? followed(sinceMs, atMs, soakMs) : 1 - followed(sinceMs, atMs, dryingMs);
    const wander = randomWalk({ seed: seed + 5, periodMs: 4 * hourMs, octaves: 6 }, atMs);
    const ripple = randomWalk({ seed: seed + 9, periodMs: 20_000 }, atMs);
    return {
      soil_moisture: 38 + 8 * chance(seed, 3) + 14 * wetting + 2 * wander,
      soil_temperature: 18 + 2.5 * dailyCycle(atMs, 17) + 0.6 * wander,
      flow: open ? 6.5 + 0.4 * ripple : 0,
      valve: open,
    };
  },
};

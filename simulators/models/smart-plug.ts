/** A plug with a relay that measures what hangs on it. */
import { hourMs } from '../signals/daily-cycle.ts';
import { isOn } from '../signals/duty-cycle.ts';
import { chance } from '../signals/noise.ts';
import { randomWalk } from '../signals/random-walk.ts';
import type { Model } from './model.ts';

export const smartPlug: Model = {
  kind: 'smart-plug',
  title: 'Smart plug',
  model: 'SIM-PLUG16',
  metrics: [
    { metric: 'relay', title: 'Relay', class: 'outlet' },
    { metric: 'power', title: 'Power', unit: 'W', class: 'power', precision: 1 },
    { metric: 'voltage', title: 'Voltage', unit: 'V', class: 'voltage', precision: 1 },
  ],
  controls: [{ name: 'relay', kind: 'switch', title: 'Relay', metric: 'relay' }],
  values(atMs, seed, settings) {
    const on =
      settings.relay?.value === undefined
        ? isOn({ seed, periodMs: 3 * hourMs, share: 0.75 }, atMs)
        : settings.relay.value === true;
    const usualWatts = 40 + 160 * chance(seed, 1);
    return {
      relay: on,
      power: on
        ? usualWatts * (1 + 0.08 * randomWalk({ seed: seed + 1, periodMs: 60_000, octaves: 6 }, atMs))
        : 0,
      voltage: 230 + 3 * randomWalk({ seed: seed + 2, periodMs: hourMs / 4, octaves: 8 }, atMs),
    };
  },
};

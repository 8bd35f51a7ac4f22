/** A button on the wall: silent for minutes, then a press, sometimes two at once. Events, not readings. */
import { dayMs } from '../signals/daily-cycle.ts';
import { chance } from '../signals/noise.ts';
import { presses } from '../signals/presses.ts';
import { randomWalk } from '../signals/random-walk.ts';
import { identify } from './model.ts';
import type { Model } from './model.ts';

export const pushButton: Model = {
  kind: 'push-button',
  title: 'Push button',
  model: 'SIM-BTN1',
  metrics: [
    { metric: 'battery', title: 'Battery', unit: '%', class: 'battery', precision: 0 },
    { metric: 'link_quality', title: 'Link quality', unit: '%', precision: 0 },
  ],
  controls: [identify],
  values(atMs, seed) {
    return {
      battery: 100 - 70 * ((atMs / (400 * dayMs) + chance(seed, 1)) % 1),
      link_quality: 78 + 20 * randomWalk({ seed: seed + 1, periodMs: 60_000 }, atMs),
    };
  },
  events(fromMs, toMs, seed) {
    return presses({ seed, everyMs: 45_000 }, fromMs, toMs).map((atMs) => ({
      name: 'press',
      atMs,
      data: { button: 1 },
    }));
  },
};

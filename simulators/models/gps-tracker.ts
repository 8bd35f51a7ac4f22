/** A tracker in a delivery van that drives the same round all day. */
import { dayMs } from '../signals/daily-cycle.ts';
import { gpsFix } from '../signals/gps-track.ts';
import { chance } from '../signals/noise.ts';
import { randomWalk } from '../signals/random-walk.ts';
import { identify } from './model.ts';
import type { Model } from './model.ts';

/** Stops around a town square; each seed drives its own round a few streets away. */
const round = [
  { latitude: 52.3702, longitude: 4.8952 },
  { latitude: 52.3738, longitude: 4.9038 },
  { latitude: 52.3791, longitude: 4.8994 },
  { latitude: 52.3771, longitude: 4.8874 },
  { latitude: 52.3715, longitude: 4.8861 },
];

export const gpsTracker: Model = {
  kind: 'gps-tracker',
  title: 'GPS tracker',
  model: 'SIM-GT5',
  metrics: [
    { metric: 'latitude', title: 'Latitude', unit: 'deg', precision: 6 },
    { metric: 'longitude', title: 'Longitude', unit: 'deg', precision: 6 },
    { metric: 'speed', title: 'Speed', unit: 'km/h', class: 'speed', precision: 1 },
    { metric: 'course', title: 'Course', unit: 'deg', precision: 0 },
    { metric: 'battery', title: 'Battery', unit: '%', class: 'battery', precision: 0 },
  ],
  controls: [identify],
  values(atMs, seed) {
    const shift = 0.02 * (chance(seed, 1) - 0.5);
    const fix = gpsFix(
      { stops: round, legMs: 4 * 60_000, restShare: 0.25, offsetMs: Math.floor(chance(seed, 2) * dayMs) },
      atMs,
    );
    // A receiver is never quite sure: about three metres.
    const doubt = 0.00003;
    return {
      latitude: fix.latitude + shift + doubt * randomWalk({ seed: seed + 3, periodMs: 30_000 }, atMs),
      longitude: fix.longitude + shift + doubt * randomWalk({ seed: seed + 4, periodMs: 30_000 }, atMs),
      speed: fix.speed,
      course: fix.course,
      battery: 96 + 4 * randomWalk({ seed: seed + 5, periodMs: dayMs / 8 }, atMs),
    };
  },
};

import { expect, test } from 'vitest';
import { gpsTracker } from '../../../simulators/models/gps-tracker.ts';

const start = Date.UTC(2026, 5, 1);
const metresPerDegree = 111_000;

function at(ms: number, seed = 3) {
  return gpsTracker.values(start + ms, seed, {}) as Readonly<Record<string, number>>;
}

/** Metres between two instants. */
function moved(fromMs: number, toMs: number, seed = 3): number {
  const [from, to] = [at(fromMs, seed), at(toMs, seed)];
  const north = (Number(to['latitude']) - Number(from['latitude'])) * metresPerDegree;
  const east = (Number(to['longitude']) - Number(from['longitude'])) * metresPerDegree * Math.cos(0.914);
  return Math.hypot(north, east);
}

test('a van moves as fast as it says, apart from what the receiver is unsure of', () => {
  for (let second = 0; second < 1200; second += 20) {
    const metres = (Number(at(second * 1000)['speed']) + Number(at((second + 1) * 1000)['speed'])) / 2 / 3.6;
    expect(Math.abs(moved(second * 1000, (second + 1) * 1000) - metres)).toBeLessThan(5);
  }
});

test('it rests at its stops and drives between them', () => {
  const speeds = Array.from({ length: 1200 }, (_, second) => Number(at(second * 1000)['speed']));
  expect(speeds.filter((speed) => speed === 0).length).toBeGreaterThan(200);
  expect(speeds.filter((speed) => speed > 5).length).toBeGreaterThan(600);
});

test('after its five legs it is back where it was', () => {
  expect(moved(0, 5 * 4 * 60_000)).toBeLessThan(20);
});

test('each van drives its own round: its streets, not only its hours, are its own', () => {
  const north = [1, 2].map((seed) =>
    Math.max(...Array.from({ length: 1200 }, (_, second) => Number(at(second * 1000, seed)['latitude']))),
  );
  expect(Math.abs(Number(north[0]) - Number(north[1])) * metresPerDegree).toBeGreaterThan(50);
});

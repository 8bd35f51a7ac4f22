import { expect, test } from 'vitest';
import { sampleOf } from '../../../simulators/models/model.ts';
import { smartPlug } from '../../../simulators/models/smart-plug.ts';

const day = Date.UTC(2026, 5, 1);
const relay = (value: boolean) => ({ relay: { value, sinceMs: day } });
const minutes = Array.from({ length: 1440 }, (_, minute) => day + minute * 60_000);

test('switched off it measures no power and still the mains', () => {
  for (const atMs of minutes) {
    const off = sampleOf(smartPlug, atMs, 3, relay(false));
    expect(off).toMatchObject({ relay: false, power: 0 });
    expect(off['voltage']).toBeGreaterThan(220);
  }
});

test('switched on it stays on, whatever its programme says', () => {
  for (const atMs of minutes) {
    const on = sampleOf(smartPlug, atMs, 3, relay(true));
    expect(on['relay']).toBe(true);
    expect(on['power']).toBeGreaterThan(20);
  }
});

test('left alone it switches several times a day, and power follows the relay', () => {
  const alone = minutes.map((atMs) => sampleOf(smartPlug, atMs, 3));
  const switched = alone.filter((now, index) => index > 0 && now['relay'] !== alone[index - 1]?.['relay']);
  expect(switched.length).toBeGreaterThan(6);
  for (const now of alone) expect(now['power'] === 0).toBe(now['relay'] === false);
});

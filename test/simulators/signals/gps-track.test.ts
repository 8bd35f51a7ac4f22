import { expect, test } from 'vitest';
import { gpsFix } from '../../../simulators/signals/gps-track.ts';

const track = {
  stops: [
    { latitude: 52, longitude: 5 },
    { latitude: 52.01, longitude: 5 },
    { latitude: 52.01, longitude: 5.02 },
  ],
  legMs: 100_000,
  restShare: 0.2,
  offsetMs: 0,
};

test('it leaves the first stop northwards and is at the next one before its rest', () => {
  expect(gpsFix(track, 0)).toMatchObject({ latitude: 52, longitude: 5, speed: 0 });
  expect(gpsFix(track, 40_000).course).toBeCloseTo(0, 6);
  expect(gpsFix(track, 85_000)).toEqual({ latitude: 52.01, longitude: 5, speed: 0, course: 0 });
  expect(gpsFix(track, 140_000).course).toBeCloseTo(90, 6);
});

test('its speed is what its positions say', () => {
  const [before, after] = [gpsFix(track, 39_500), gpsFix(track, 40_500)];
  const metres = (after.latitude - before.latitude) * 111_195;
  expect(gpsFix(track, 40_000).speed).toBeCloseTo(metres * 3.6, 1);
});

test('the round closes: one lap later it is in the same place', () => {
  expect(gpsFix(track, 30_000 + 3 * track.legMs)).toEqual(gpsFix(track, 30_000));
});

test('one stop is no route', () => {
  expect(() => gpsFix({ ...track, stops: track.stops.slice(0, 1) }, 0)).toThrow(RangeError);
});

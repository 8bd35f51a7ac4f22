import { expect, test } from 'vitest';
import { sampleOf } from '../../../simulators/models/model.ts';
import { pump } from '../../../simulators/models/pump.ts';

const atMs = Date.UTC(2026, 5, 1, 12);
const at = (speed: number, running = true) =>
  sampleOf(pump, atMs, 3, {
    speed: { value: speed, sinceMs: atMs - 60_000 },
    running: { value: running, sinceMs: atMs - 60_000 },
  });

test('a faster pump builds more pressure and takes more power', () => {
  expect(Number(at(100).pressure)).toBeGreaterThan(Number(at(50).pressure));
  expect(Number(at(100).power)).toBeGreaterThan(Number(at(50).power));
});

test('a stopped pump keeps its set point and takes next to nothing', () => {
  expect(at(80, false)).toMatchObject({ running: false, speed: 80, power: 0.6 });
});

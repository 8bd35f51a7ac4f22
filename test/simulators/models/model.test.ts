import { describe, expect, test } from 'vitest';
import { descriptionOf, followed, sampleOf, type Model } from '../../../simulators/models/model.ts';

const lamp: Model = {
  kind: 'lamp',
  title: 'Lamp',
  model: 'SIM-L1',
  metrics: [{ metric: 'power', unit: 'W', precision: 1 }, { metric: 'raw' }, { metric: 'on', precision: 0 }],
  controls: [],
  values: (atMs, seed, settings) => ({
    power: atMs + seed + 0.26,
    raw: 1 / 3,
    on: settings['on']?.value ?? false,
  }),
};

describe('A sample', () => {
  test('is rounded to what each metric means, and to no less where it does not say', () => {
    expect(sampleOf(lamp, 10, 1)).toEqual({ power: 11.3, raw: 1 / 3, on: false });
  });

  test('follows what a command has set', () => {
    expect(sampleOf(lamp, 10, 1, { on: { value: true, sinceMs: 5 } })).toMatchObject({ on: true });
  });
});

test('a description says what it is, and that it is simulated', () => {
  expect(descriptionOf(lamp, 'Hall')).toEqual({
    title: 'Hall',
    model: 'SIM-L1',
    labels: { simulated: 'true', kind: 'lamp' },
    metrics: lamp.metrics,
    controls: [],
  });
});

test('a slow quantity begins at once, never before, and arrives in the end', () => {
  expect(followed(1000, 1000, 500)).toBe(0);
  expect(followed(1000, 0, 500)).toBe(0);
  expect(followed(1000, 1500, 500)).toBeCloseTo(0.632, 3);
  expect(followed(1000, 10_000, 500)).toBeCloseTo(1, 6);
});

import { describe, expect, test } from 'vitest';
import { isId } from '#contract/names.ts';
import { catalogue, modelOf } from '../../../simulators/models/catalogue.ts';
import { descriptionOf, sampleOf } from '../../../simulators/models/model.ts';
import type { Model } from '../../../simulators/models/model.ts';

const start = Date.UTC(2026, 5, 1);
const minutes = Array.from({ length: 1440 }, (_, minute) => start + minute * 60_000);

/** What must hold of every reading of a day, by metric. */
const believable: Readonly<Record<string, readonly [least: number, most: number]>> = {
  temperature: [5, 45],
  soil_temperature: [10, 30],
  humidity: [20, 99],
  co2: [300, 900],
  battery: [0, 100],
  soil_moisture: [20, 80],
  flow: [0, 10],
  speed: [0, 100],
  pressure: [0, 5],
  power: [0, 2000],
  voltage: [220, 240],
  current: [0, 10],
  energy: [0, 100_000],
  latitude: [52.3, 52.45],
  longitude: [4.8, 5],
  course: [0, 360],
  link_quality: [0, 100],
};

test('there are at least five kinds, and each is found by its name', () => {
  expect(catalogue.length).toBeGreaterThanOrEqual(5);
  for (const model of catalogue) expect(modelOf(model.kind)).toBe(model);
  expect(() => modelOf('toaster')).toThrow('toaster');
});

for (const model of catalogue) {
  describe(`a ${model.kind}`, () => {
    test('reports exactly the metrics it describes, under names the hub takes', () => {
      const metrics = Object.keys(sampleOf(model, start, 1));
      expect(metrics.toSorted()).toEqual(model.metrics.map((info) => info.metric).toSorted());
      for (const metric of metrics) expect(metric).toSatisfy(isId);
    });

    test('says that it is simulated, and has something to press or set', () => {
      expect(descriptionOf(model, 'Any').labels).toMatchObject({ simulated: 'true' });
      expect(model.controls.length).toBeGreaterThan(0);
    });

    test('stays believable for a whole day, for several seeds', () => {
      for (const seed of [1, 2, 3]) for (const atMs of minutes) expectBelievable(model, atMs, seed);
    });

    test('answers the same for one instant, however often and in whichever order it is asked', () => {
      const forwards = minutes.map((atMs) => sampleOf(model, atMs, 5));
      const backwards = minutes.toReversed().map((atMs) => sampleOf(model, atMs, 5));
      expect(backwards.toReversed()).toEqual(forwards);
    });

    test('moves: no day is one value', () => {
      const values = minutes.map((atMs) => JSON.stringify(sampleOf(model, atMs, 5)));
      expect(new Set(values).size).toBeGreaterThan(20);
    });

    test('rounds to the precision it describes', () => {
      const values = sampleOf(model, start + 12_345, 5);
      for (const { metric, precision } of model.metrics) {
        const value = values[metric];
        if (typeof value === 'number' && precision !== undefined)
          expect(value).toBe(Number(value.toFixed(precision)));
      }
    });
  });
}

function expectBelievable(model: Model, atMs: number, seed: number): void {
  for (const [metric, value] of Object.entries(sampleOf(model, atMs, seed))) {
    if (typeof value !== 'number') continue;
    const [least, most] = believable[metric] ?? [Number.NaN, Number.NaN];
    if (!(value >= least && value <= most)) expect.fail(`${metric} was ${value}, seed ${seed}`);
  }
}

import { expect, test } from 'vitest';
import { tuplesOf } from '#contract/frame.ts';

test('gives back each reading at its own time, which counts from that of the frame', () => {
  const readings = [
    ['meter', 0.25, { power: 1, voltage: 'low' }],
    ['lamp', -1, { power: null }, 'bad'],
    ['lamp', 0, { power: 2 }, 'good', { phase: '1' }],
  ] as const;
  expect(tuplesOf({ time: 5000, readings })).toEqual([
    ['meter', 'power', 5000.25, 1],
    ['meter', 'voltage', 5000.25, 'low'],
    ['lamp', 'power', 4999, null, 'bad'],
    ['lamp', 'power', 5000, 2, 'good', { phase: '1' }],
  ]);
});

test('is exact to the microsecond, however far a reading lies from the frame', () => {
  const [tuple] = tuplesOf({
    time: 1_764_228_000_123,
    readings: [['lamp', -999_999_999_999.999, { power: 1 }]],
  });
  expect(tuple).toEqual(['lamp', 'power', 764_228_000_123.001, 1]);
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toFrameReadings, tuplesOf } from '#contract/frame.ts';
import { qualities, toTuple, type Reading } from '#contract/reading.ts';

const base = {
  group: 'home',
  device: 'meter',
  metric: 'power',
  value: 1,
  quality: 'good',
  stampedBy: 'hub',
} as const;
const at = (timeUs: number, fields: Partial<Reading> = {}): Reading => ({ ...base, timeUs, ...fields });

const ofOne = (list: string[]): string[] => list.filter((text) => text.startsWith('["lamp","7"'));

describe('A frame', () => {
  test('says once what readings have in common', () => {
    const readings = [
      at(5_000_250),
      at(5_000_250, { metric: 'voltage', value: 'low' }),
      at(4_999_000, { device: 'lamp', value: true }),
    ];
    expect(toFrameReadings(readings)).toEqual({
      time: 5000,
      readings: [
        ['meter', 0.25, { power: 1, voltage: 'low' }],
        ['lamp', -1, { power: true }],
      ],
    });
  });

  test('keeps two values of one series and one instant apart, in their order', () => {
    const { readings } = toFrameReadings([at(1000, { value: 1 }), at(1000, { value: 2 })]);
    expect(readings).toEqual([
      ['meter', 0, { power: 1 }],
      ['meter', 0, { power: 2 }],
    ]);
  });

  test('tells quality and tags where there are any', () => {
    const tags = { phase: '1' };
    const { readings } = toFrameReadings([at(1000, { quality: 'bad', value: null }), at(1000, { tags })]);
    expect(readings).toEqual([
      ['meter', 0, { power: null }, 'bad'],
      ['meter', 0, { power: 1 }, 'good', tags],
    ]);
  });

  test('of nothing is empty', () => {
    expect(tuplesOf(toFrameReadings([]))).toEqual([]);
  });

  test('gives back every reading at its own time to the microsecond', () => {
    const reading = fc.record({
      timeUs: fc.integer({ min: 946_684_800e6, max: 2_000_000_000e6 }),
      device: fc.constantFrom('meter', 'lamp'),
      metric: fc.constantFrom('power', '7', 'constructor'),
      value: fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
      quality: fc.constantFrom(...qualities),
      tags: fc.constantFrom(undefined, { phase: '1' }),
    });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), (fields) => {
        const readings = fields.map(({ timeUs, ...rest }) => at(timeUs, rest));
        const sent = JSON.parse(JSON.stringify(toFrameReadings(readings))) as ReturnType<
          typeof toFrameReadings
        >;
        const told = tuplesOf(sent).map((tuple) => JSON.stringify(tuple));
        const expected = readings.map((each) => JSON.stringify(toTuple(each)));
        expect(told.toSorted()).toEqual(expected.toSorted());
        expect(ofOne(told)).toEqual(ofOne(expected));
      }),
    );
  });
});

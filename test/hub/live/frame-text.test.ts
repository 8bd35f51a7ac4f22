import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tuplesOf } from '#contract/frame.ts';
import { qualities, toTuple, type CommittedReading } from '#contract/reading.ts';
import { nameInFleet } from '../../../hub/live/views.ts';
import { readingsText, type Shown } from '../../../hub/live/frame-text.ts';
import { sentOf, shownOf } from '../../support/frame-readings.ts';

const base = {
  offset: 1,
  group: 'home',
  device: 'meter',
  metric: 'power',
  value: 1,
  quality: 'good',
  stampedBy: 'hub',
} as const;
const at = (timeUs: number, fields: Partial<CommittedReading> = {}): CommittedReading => ({
  ...base,
  timeUs,
  ...fields,
});

const groups = (list: readonly Shown[]): unknown => sentOf(list).readings.map(([, , values]) => values);
const ofOne = (list: string[]): string[] => list.filter((text) => text.startsWith('["lamp","7"'));

describe('A frame', () => {
  test('says once what readings have in common', () => {
    const readings = [
      at(5_000_250),
      at(5_000_250, { metric: 'voltage', value: 'low' }),
      at(4_999_000, { device: 'lamp', value: true }),
    ];
    expect(sentOf(shownOf(readings))).toEqual({
      time: 5000,
      readings: [
        ['meter', 0.25, { power: 1, voltage: 'low' }],
        ['lamp', -1, { power: true }],
      ],
    });
  });

  test('keeps two values of one series and one instant apart, in their order', () => {
    const { readings } = sentOf(shownOf([at(1000, { value: 1 }), at(1000, { value: 2 })]));
    expect(readings).toEqual([
      ['meter', 0, { power: 1 }],
      ['meter', 0, { power: 2 }],
    ]);
  });

  test('tells quality and tags where there are any', () => {
    const tags = { phase: '1' };
    const { readings } = sentOf(shownOf([at(1000, { quality: 'bad', value: null }), at(1000, { tags })]));
    expect(readings).toEqual([
      ['meter', 0, { power: null }, 'bad'],
      ['meter', 0, { power: 1 }, 'good', tags],
    ]);
  });

  test('holds what a view shows of an instant, in whatever order it waits', () => {
    const list = shownOf(['a', 'b', 'c'].map((metric) => at(1000, { metric })));
    const [a, b, c] = list as [Shown, Shown, Shown];
    expect(groups(list)).toEqual([{ a: 1, b: 1, c: 1 }]);
    expect(groups([a, c])).toEqual([{ a: 1, c: 1 }]);
    expect(groups([b, c])).toEqual([{ b: 1, c: 1 }]);
    expect(groups([c, a, b])).toEqual([{ a: 1, b: 1, c: 1 }]);
    // In a window, what is newer stands in the place of what it took.
    const [newer] = shownOf([at(2000, { metric: 'b', value: 2 })]) as [Shown];
    expect(groups([a, newer, c])).toEqual([{ a: 1 }, { b: 2 }, { c: 1 }]);
    expect(groups([...list, ...list])).toEqual([
      { a: 1, b: 1, c: 1 },
      { a: 1, b: 1, c: 1 },
    ]);
  });

  test('names devices as its view does', () => {
    expect(readingsText(shownOf([at(1000)]), nameInFleet)).toBe(
      '"time":1,"readings":[["home/meter",0,{"power":1}]]',
    );
  });

  test('of nothing is empty', () => {
    expect(tuplesOf(sentOf([]))).toEqual([]);
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
        const told = tuplesOf(sentOf(shownOf(readings))).map((tuple) => JSON.stringify(tuple));
        const expected = readings.map((each) => JSON.stringify(toTuple(each)));
        expect(told.toSorted()).toEqual(expected.toSorted());
        expect(ofOne(told)).toEqual(ofOne(expected));
      }),
    );
  });
});

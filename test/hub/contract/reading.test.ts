import { describe, expect, test } from 'vitest';
import { seriesKey, tagsKey, toTuple, type Reading } from '#contract/reading.ts';

const reading: Reading = {
  group: 'g',
  device: 'd',
  metric: 'm',
  timeUs: 1_780_000_000_000_250,
  value: 1,
  quality: 'good',
  stampedBy: 'device',
};

describe('the identity of a series', () => {
  test('tags count in any order, and no tags are the same as none given', () => {
    expect(tagsKey({ b: '2', a: '1' })).toBe('a=1,b=2');
    expect(tagsKey({ b: '2', a: '1' })).toBe(tagsKey({ a: '1', b: '2' }));
    expect(seriesKey({ ...reading, tags: {} })).toBe(seriesKey(reading));
  });

  test('separators inside tag values cannot make two series one', () => {
    expect(tagsKey({ a: '1,b=2' })).not.toBe(tagsKey({ a: '1', b: '2' }));
    expect(seriesKey({ ...reading, tags: { a: '1' } })).toBe('g/d/m?a=1');
  });
});

describe('a reading on the wire', () => {
  test('time is in ms with its fractions; a good reading says no quality', () => {
    expect(toTuple(reading)).toEqual(['d', 'm', 1_780_000_000_000.25, 1]);
  });

  test('a quality that is not good travels, and always in front of tags', () => {
    expect(toTuple({ ...reading, value: null, quality: 'bad' }).slice(3)).toEqual([null, 'bad']);
    expect(toTuple({ ...reading, tags: { a: '1' } }).slice(3)).toEqual([1, 'good', { a: '1' }]);
  });

  test('the fleet names the device together with its group', () => {
    expect(toTuple(reading, 'g/d')[0]).toBe('g/d');
  });
});

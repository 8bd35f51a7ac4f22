import { describe, expect, test } from 'vitest';
import { LatestValues } from '../../../hub/live/latest-values.ts';
import { reading } from '../../support/commits.ts';

function newest(latest: LatestValues): unknown[] {
  return Array.from(latest.ofDevice('home', 'lamp'), (entry) => entry.newest.value);
}

describe('The newest value of a series', () => {
  test('a later time replaces an earlier one', () => {
    const latest = new LatestValues();
    latest.take(reading(1, { timeUs: 10, value: 'old' }));
    latest.take(reading(2, { timeUs: 20, value: 'new' }));
    expect(newest(latest)).toEqual(['new']);
  });

  test('a late reading does not replace a newer one', () => {
    const latest = new LatestValues();
    latest.take(reading(1, { timeUs: 20, value: 'new' }));
    latest.take(reading(2, { timeUs: 10, value: 'late' }));
    expect(newest(latest)).toEqual(['new']);
  });

  test('of two at the same time the one committed later counts', () => {
    const latest = new LatestValues();
    latest.take(reading(1, { timeUs: 10, value: 1 }));
    latest.take(reading(2, { timeUs: 10, value: 2 }));
    expect(newest(latest)).toEqual([2]);
  });

  test('tags make another series', () => {
    const latest = new LatestValues();
    const first = latest.take(reading(1, { tags: { cpu: '0' } }));
    const second = latest.take(reading(2, { tags: { cpu: '1' } }));
    expect([first.isNew, second.isNew]).toEqual([true, true]);
    expect(newest(latest)).toEqual([1, 2]);
  });
});

describe('A device with many series', () => {
  test('finds each of them, with and without tags', () => {
    const latest = new LatestValues();
    const all = Array.from({ length: 40 }, (_, index) =>
      reading(index, { metric: `m${index >> 1}`, ...(index % 2 === 1 && { tags: { b: '2', a: '1' } }) }),
    );
    for (const each of all) expect(latest.take(each).isNew).toBe(true);
    for (const each of all) expect(latest.take(each).isNew).toBe(false);
    expect(latest.take(reading(99, { metric: 'm3', tags: { a: '1', b: '2' } })).isNew).toBe(false);
    expect(newest(latest).length).toBe(40);
  });
});

describe('A state replay', () => {
  test('seeds a series that was never heard', () => {
    const latest = new LatestValues();
    expect(latest.seed(reading(1, { value: 'on' }))?.isNew).toBe(true);
    expect(newest(latest)).toEqual(['on']);
  });

  test('changes nothing where something as new is known', () => {
    const latest = new LatestValues();
    latest.take(reading(1, { timeUs: 10, value: 'measured' }));
    expect(latest.seed(reading(2, { timeUs: 10, value: 'replayed' }))).toBeUndefined();
    expect(newest(latest)).toEqual(['measured']);
  });

  test('gives way to a reading of the same time', () => {
    const latest = new LatestValues();
    latest.seed(reading(1, { timeUs: 10, value: 'replayed' }));
    latest.take(reading(2, { timeUs: 10, value: 'measured' }));
    expect(newest(latest)).toEqual(['measured']);
  });
});

import { describe, expect, test } from 'vitest';
import { StoreSeriesIndex } from '../../../hub/store/series-index.ts';

const power = { group: 'home', device: 'meter', metric: 'power' };

describe('The series in memory', () => {
  test('a series keeps its number', () => {
    const index = new StoreSeriesIndex([]);
    const id = index.add(power);
    expect(index.add({ ...power })).toBe(id);
    expect(index.find({ ...power })).toBe(id);
    expect(index.size).toBe(1);
  });

  test('tags are part of the identity, in any order', () => {
    const index = new StoreSeriesIndex([]);
    const id = index.add({ ...power, tags: { a: '1', b: '2' } });
    expect(index.find(power)).toBeUndefined();
    expect(index.find({ ...power, tags: { b: '2', a: '1' } })).toBe(id);
    expect(index.find({ ...power, tags: { b: '2', a: '2' } })).toBeUndefined();
  });

  test('an empty tag set is none', () => {
    const index = new StoreSeriesIndex([]);
    expect(index.add({ ...power, tags: {} })).toBe(index.add(power));
  });

  test('counts the series of each device', () => {
    const index = new StoreSeriesIndex([]);
    index.add(power);
    index.add({ ...power, metric: 'voltage' });
    index.add({ ...power, device: 'other' });
    expect(index.countOf('home', 'meter')).toBe(2);
    expect(index.countOf('home', 'nobody')).toBe(0);
  });

  test('goes on after the numbers of the file', () => {
    const index = new StoreSeriesIndex([{ id: 7, ...power, tags: '{"phase":"1"}', line: '' }]);
    expect(index.find({ ...power, tags: { phase: '1' } })).toBe(7);
    expect(index.add(power)).toBe(8);
  });

  test('a new series is to be written until it is durable', () => {
    const index = new StoreSeriesIndex([]);
    const id = index.add({ ...power, tags: { phase: '1' } });
    const row = index.unsaved(id);
    expect(row).toEqual({ id, ...power, tags: '{"phase":"1"}', line: '' });
    index.saved([row!]);
    expect(index.unsaved(id)).toBeUndefined();
  });

  test('the first names in line protocol stay, and are to be written too', () => {
    const index = new StoreSeriesIndex([]);
    const id = index.add(power);
    const unnamed = index.unsaved(id)!;
    index.add(power, { measurement: 'meters', tags: { host: 'meter' }, field: 'power' });
    // The row without names became durable meanwhile.
    index.saved([unnamed]);
    const named = { id, ...power, tags: '', line: '["meters","power",{"host":"meter"}]' };
    expect(index.unsaved(id)).toEqual(named);
    index.saved([index.unsaved(id)!]);
    index.add(power, { measurement: 'other', tags: {}, field: 'power' });
    expect(index.unsaved(id)).toBeUndefined();
    const reopened = new StoreSeriesIndex([named]);
    reopened.add(power, { measurement: 'other', tags: {}, field: 'power' });
    expect(reopened.unsaved(id)).toBeUndefined();
  });
});

describe('Another name for a device', () => {
  const to = { group: 'attic', device: 'sensor' };

  test('takes its series along, with their numbers and tags', () => {
    const index = new StoreSeriesIndex([]);
    const plain = index.add(power);
    const tagged = index.add({ ...power, tags: { phase: 'a=1,b', zone: 'x y' } });
    const moved = index.move(power, to);
    expect(moved).toEqual([
      { id: plain, tags: '' },
      { id: tagged, tags: '{"phase":"a=1,b","zone":"x y"}' },
    ]);
    expect(index.find({ ...to, metric: 'power' })).toBe(plain);
    expect(index.find({ ...to, metric: 'power', tags: { phase: 'a=1,b', zone: 'x y' } })).toBe(tagged);
    expect([index.find(power), index.size, index.countOf('home', 'meter')]).toEqual([undefined, 2, 0]);
    expect(index.unsaved(plain)).toMatchObject({ group: 'attic', device: 'sensor' });
  });

  test('gives a series that the other device has too a tag with the old name, each time another', () => {
    const index = new StoreSeriesIndex([]);
    const known = index.add({ ...to, metric: 'power' });
    const first = index.add(power);
    index.move(power, to);
    const third = index.add(power);
    index.move(power, to);
    expect(index.find({ ...to, metric: 'power' })).toBe(known);
    expect(index.find({ ...to, metric: 'power', tags: { merged: 'home/meter' } })).toBe(first);
    expect(index.find({ ...to, metric: 'power', tags: { merged: 'home/meter#2' } })).toBe(third);
  });
});

import { describe, expect, test } from 'vitest';
import { SeriesMap, TagsKeys } from '#contract/series-map.ts';

describe('The series of a device', () => {
  test('metric and tags tell them apart, each by itself', () => {
    const map = new SeriesMap<number>();
    map.set('power', '', 1);
    map.set('power', 'phase=1', 2);
    map.set('voltage', 'phase=1', 3);
    expect([map.get('power', ''), map.get('power', 'phase=1'), map.get('voltage', 'phase=1')]).toEqual([
      1, 2, 3,
    ]);
    expect([map.get('voltage', ''), map.get('power', 'phase=2')]).toEqual([undefined, undefined]);
    expect([...map.values()].toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });

  test('one that is set again counts once', () => {
    const map = new SeriesMap<number>();
    map.set('power', '', 1);
    map.set('power', '', 2);
    expect([map.size, map.get('power', '')]).toEqual([1, 2]);
  });
});

test('keys of tag sets are those of their content, whichever was asked for before', () => {
  const keys = new TagsKeys();
  const [one, same, other] = [{ b: '2', a: '1' }, { a: '1', b: '2' }, { a: '1' }];
  expect([one, one, undefined, other, same, {}].map((tags) => keys.of(tags))).toEqual([
    'a=1,b=2',
    'a=1,b=2',
    '',
    'a=1',
    'a=1,b=2',
    '',
  ]);
});

import { expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { Discovered, type DiscoveredEntity } from '../../../bridges/mqtt/discovered.ts';

const entity = (metric: string): DiscoveredEntity => ({
  group: 'g',
  device: 'd',
  metric,
  path: [],
  isEvent: false,
  words: new Map(),
});

test('a repeat replaces what was told before', () => {
  const discovered = new Discovered();
  discovered.tellEntity('t', 'one', entity('old'));
  discovered.tellEntity('t', 'two', entity('second'));
  discovered.tellEntity('t', 'one', entity('new'));
  expect(discovered.entitiesAt('t').map(({ metric }) => metric)).toEqual(['new', 'second']);
  expect(discovered.entitiesAt('u')).toEqual([]);
});

test('what was told first is forgotten when there is too much', () => {
  const discovered = new Discovered();
  for (let index = 0; index <= limits.devicesPerGroup; index += 1)
    discovered.tellDevice(`device-${index}`, { group: 'g', device: `d${index}` });
  expect(discovered.device('device-0')).toBeUndefined();
  expect(discovered.device('device-1')).toEqual({ group: 'g', device: 'd1' });
});

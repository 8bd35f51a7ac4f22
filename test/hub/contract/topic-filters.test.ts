import { describe, expect, test } from 'vitest';
import { covers, isTopicFilter, matchesTopic } from '#contract/topic-filters.ts';

describe('MQTT §4.7, topic filters', () => {
  for (const filter of ['#', '+', 'a/+/b', 'a/#', '/+', 'a//b'])
    test(`${filter} is a topic filter`, () => expect(isTopicFilter(filter)).toBe(true));
  for (const filter of ['', 'a#', '+a', 'a/#/b', 'a/b#', 'a+/b', '#/a', 'a\0'])
    test(`${JSON.stringify(filter)} is no topic filter`, () => expect(isTopicFilter(filter)).toBe(false));
});

describe('MQTT §4.7.1, what a filter selects', () => {
  const cases: readonly [filter: string, topic: string, selected: boolean][] = [
    ['a/b', 'a/b', true],
    ['a/b', 'a/c', false],
    ['a/+', 'a/b', true],
    ['a/+', 'a/b/c', false],
    ['a/+', 'a', false],
    ['a/+', 'a/', true],
    ['+/+', '/a', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'a', true],
    ['a/#', 'ab', false],
    ['#', 'a/b', true],
    ['#', '$SYS/broker', false],
    ['+/broker', '$SYS/broker', false],
    ['$SYS/#', '$SYS/broker', true],
  ];
  for (const [filter, topic, selected] of cases)
    test(`${filter} ${selected ? 'selects' : 'does not select'} ${topic}`, () =>
      expect(matchesTopic(filter, topic)).toBe(selected));
});

describe('a grant covers a filter when it selects all that the filter selects', () => {
  const cases: readonly [outer: string, inner: string, covered: boolean][] = [
    ['a/#', 'a/+/b', true],
    ['a/#', 'a/#', true],
    ['a/+', 'a/+', true],
    ['a/+', 'a/#', false],
    ['a/b', 'a/+', false],
    ['+/b', 'a/b', true],
    ['a/+/c', 'a/#', false],
    ['#', '+/a', true],
    ['#', '$SYS/#', false],
  ];
  for (const [outer, inner, covered] of cases)
    test(`${outer} ${covered ? 'covers' : 'does not cover'} ${inner}`, () =>
      expect(covers(outer, inner)).toBe(covered));
});

import { expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { LastSaid } from '../../../../bridges/mqtt/families/sparkplug-last.ts';

const death = { receivedAtUs: 100, atUs: 100 };

test('what was said last of each metric is stale, behind its own time', () => {
  const last = new LastSaid();
  last.said([{ metric: 'a', value: 1, quality: 'good', timeUs: 1 }]);
  last.said([{ metric: 'a', value: 2, quality: 'good', timeUs: 200 }]);
  expect(last.died(death)).toEqual([{ metric: 'a', value: 2, quality: 'stale', timeUs: 201 }]);
});

test('only the message that told of the death tells of it again', () => {
  const last = new LastSaid();
  last.said([{ metric: 'a', value: 1, quality: 'good' }]);
  expect(last.died(death)).toHaveLength(1);
  expect(last.died(death)).toHaveLength(1);
  expect(last.died({ receivedAtUs: 101, atUs: 101 })).toEqual([]);
  last.born([], 300);
  expect(last.died({ receivedAtUs: 400, atUs: 400 })).toHaveLength(1);
});

test('a birth says of now only what would be older than what was made stale', () => {
  const last = new LastSaid();
  last.said([{ metric: 'a', value: 1, quality: 'good', timeUs: 1 }]);
  last.died(death);
  const [old, fresh] = [
    { metric: 'a', value: 1, quality: 'good', timeUs: 1 },
    { metric: 'b', value: 1, quality: 'good', timeUs: 150 },
  ] as const;
  expect(last.born([old, fresh], 150)).toEqual([{ ...old, timeUs: 150 }]);
  expect(last.born([old], 50)).toEqual([{ ...old, timeUs: 101 }]);
});

test('of who never died a birth says nothing beside itself', () => {
  expect(new LastSaid().born([{ metric: 'a', value: 1, quality: 'good', timeUs: 0 }], 0)).toEqual([]);
});

test('it remembers as many metrics as a device may have', () => {
  const last = new LastSaid();
  for (let n = 0; n <= limits.seriesPerDevice; n += 1)
    last.said([{ metric: `m${n}`, value: n, quality: 'good' }]);
  expect(last.died(death)).toHaveLength(limits.seriesPerDevice);
});

import { expect, test } from 'vitest';
import { Descriptions } from '../../../bridges/mqtt/descriptions.ts';

test('what several messages tell of one device comes together', () => {
  const descriptions = new Descriptions();
  expect(descriptions.add('g', 'd', { model: 'M', metrics: [{ metric: 'a', unit: 'W' }] })).toEqual({
    model: 'M',
    metrics: [{ metric: 'a', unit: 'W' }],
  });
  expect(descriptions.add('g', 'd', { metrics: [{ metric: 'b' }] })).toEqual({
    model: 'M',
    metrics: [{ metric: 'a', unit: 'W' }, { metric: 'b' }],
  });
  expect(descriptions.add('g', 'd', { metrics: [{ metric: 'a', title: 'A' }] })?.metrics).toContainEqual({
    metric: 'a',
    unit: 'W',
    title: 'A',
  });
});

test('nothing new is nothing', () => {
  const descriptions = new Descriptions();
  descriptions.add('g', 'd', { title: 'T', metrics: [{ metric: 'a', unit: 'W' }] });
  expect(descriptions.add('g', 'd', { title: 'T', metrics: [{ metric: 'a', unit: 'W' }] })).toBeUndefined();
  expect(descriptions.add('g', 'd', {})).toBeUndefined();
});

test('devices are told apart by group and name', () => {
  const descriptions = new Descriptions();
  descriptions.add('g', 'd', { title: 'T' });
  expect(descriptions.add('h', 'd', { title: 'T' })).toEqual({ title: 'T' });
});

test('controls and labels of several messages come together', () => {
  const descriptions = new Descriptions();
  descriptions.add('g', 'd', { labels: { a: '1' }, controls: [{ name: 'x', kind: 'switch' }] });
  expect(
    descriptions.add('g', 'd', { labels: { b: '2' }, controls: [{ name: 'y', kind: 'button' }] }),
  ).toEqual({
    labels: { a: '1', b: '2' },
    controls: [
      { name: 'x', kind: 'switch' },
      { name: 'y', kind: 'button' },
    ],
  });
  expect(descriptions.add('g', 'd', { controls: [{ name: 'x', kind: 'switch' }] })).toBeUndefined();
});

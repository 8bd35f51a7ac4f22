import { expect, test } from 'vitest';
import { timeLabels } from '../../../dashboards/charts/time-labels.ts';

const noon = new Date(2026, 5, 1, 12, 0, 0).getTime() / 1000;
const midnight = new Date(2026, 5, 2, 0, 0, 0).getTime() / 1000;
const british = timeLabels({ locale: 'en-GB' });

test('labels have seconds only where the step is that short', () => {
  expect(british([noon], 600)).toEqual(['12:00']);
  expect(british([noon + 5], 5)).toEqual(['12:00:05']);
});

test('midnight names the day', () => {
  expect(british([midnight], 3600)).toEqual(['2 Jun']);
});

test('steps of days name days, steps of months name months', () => {
  expect(british([noon], 86_400)).toEqual(['1 Jun']);
  expect(british([noon], 31 * 86_400)).toEqual(['Jun 2026']);
});

test('midnight is that of the zone that was chosen', () => {
  const shanghai = timeLabels({ locale: 'en-GB', zone: 'Asia/Shanghai' });
  expect(shanghai([Date.UTC(2026, 5, 1, 16) / 1000, Date.UTC(2026, 5, 1, 17) / 1000], 3600)).toEqual([
    '2 Jun',
    '01:00',
  ]);
});

import { expect, test } from 'vitest';
import { timeLabels } from '../../../dashboards/charts/time-labels.ts';

const noon = new Date(2026, 5, 1, 12, 0, 0).getTime() / 1000;
const midnight = new Date(2026, 5, 2, 0, 0, 0).getTime() / 1000;

test('labels have seconds only where the step is that short', () => {
  expect(timeLabels([noon], 600, 'en-GB')).toEqual(['12:00']);
  expect(timeLabels([noon + 5], 5, 'en-GB')).toEqual(['12:00:05']);
});

test('midnight names the day', () => {
  expect(timeLabels([midnight], 3600, 'en-GB')).toEqual(['2 Jun']);
});

import { expect, test } from 'vitest';
import { colourIndex, distinctColours, paletteSize } from '../../../dashboards/charts/palette.ts';

test('a metric has the same colour everywhere, by its class or by its name', () => {
  expect(colourIndex('t1', 'temperature')).toBe(colourIndex('t2', 'temperature'));
  expect(colourIndex('flow.rate', undefined)).toBe(colourIndex('flow.rate', undefined));
});

test('in one chart no two series are alike, as long as there are colours', () => {
  const colours = distinctColours(
    Array.from({ length: paletteSize }, (_, index) => ({ metric: `m${index}`, class: 'temperature' })),
  );
  expect(new Set(colours).size).toBe(paletteSize);
});

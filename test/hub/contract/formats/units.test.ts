import { expect, test } from 'vitest';
import { quantityOf, toUcum } from '#contract/formats/units.ts';

test('everyday and SenML spellings become UCUM', () => {
  expect(['°C', 'Cel', '%RH', 'kWh', 'W', 'm³', 'Ω', 'lat'].map(toUcum)).toEqual([
    'Cel',
    'Cel',
    '%',
    'kW.h',
    'W',
    'm3',
    'Ohm',
    'deg',
  ]);
});

test('what is no known unit has none, whatever it is called', () => {
  expect(['monkeys', '', 'constructor', '__proto__'].map(toUcum)).toEqual(Array(4).fill(undefined));
});

test('a unit alone tells what a nameless SenML value measures', () => {
  expect(quantityOf('%RH')).toBe('humidity');
  expect(quantityOf('/')).toBeUndefined();
});

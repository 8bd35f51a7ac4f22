import { expect, test } from 'vitest';
import { KnownNames } from '../../../../bridges/mqtt/families/known-names.ts';
import { limits } from '#contract/limits.ts';

test('a name is known to the family that told it', () => {
  const names = new KnownNames();
  names.tell('esphome', 'kitchen');
  expect(names.has('esphome', 'kitchen')).toBe(true);
  expect(names.has('tasmota', 'kitchen')).toBe(false);
});

test('who was first heard longest ago is forgotten first', () => {
  const names = new KnownNames();
  for (let index = 0; index <= limits.devicesPerGroup; index += 1) names.tell('x', String(index));
  expect(names.has('x', '0')).toBe(false);
  expect(names.has('x', '1')).toBe(true);
});

import { expect, test } from 'vitest';
import { FieldTypes } from '../../../bridges/influxdb/field-types.ts';

test('a field keeps the kind of its first value; others go beside it', () => {
  const types = new FieldTypes();
  const fields = (['number', 'string', 'number', 'boolean', 'string'] as const).map((kind) =>
    types.fieldFor('home', 'state', kind),
  );
  expect(fields).toEqual(['state', 'state_string', 'state', 'state_boolean', 'state_string']);
});

test('measurements do not share fields', () => {
  const types = new FieldTypes();
  types.fieldFor('home', 'state', 'number');
  expect(types.fieldFor('work', 'state', 'string')).toBe('state');
});

test('a field beside it that exists with another kind is passed over', () => {
  const types = new FieldTypes();
  types.fieldFor('home', 'state_string', 'number');
  types.fieldFor('home', 'state', 'number');
  expect(types.fieldFor('home', 'state', 'string')).toBe('state_string_string');
});

test('what the database has already counts more than what came first', () => {
  const types = new FieldTypes();
  types.fieldFor('home', 'n', 'number');
  expect(types.learn('home', 'n', 'integer')).toBe(true);
  expect(types.fieldFor('home', 'n', 'number')).toBe('n_number');
  expect(types.learn('home', 'n', 'integer')).toBe(false);
  expect(types.learn('home', 'n', 'blob')).toBe(false);
});

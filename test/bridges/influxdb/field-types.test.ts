import { expect, test } from 'vitest';
import { FieldTypes } from '../../../bridges/influxdb/field-types.ts';

test('a field keeps the kind of its first value; others go beside it', () => {
  const types = new FieldTypes();
  const fields = (['number', 'string', 'number', 'boolean', 'string'] as const).map(
    (kind) => types.formFor('home', 'state', kind).field,
  );
  expect(fields).toEqual(['state', 'state_string', 'state', 'state_boolean', 'state_string']);
});

test('measurements do not share fields', () => {
  const types = new FieldTypes();
  types.formFor('home', 'state', 'number');
  expect(types.formFor('work', 'state', 'string').field).toBe('state');
});

test('a field beside it that exists with another kind is passed over', () => {
  const types = new FieldTypes();
  types.formFor('home', 'state_string', 'number');
  types.formFor('home', 'state', 'number');
  expect(types.formFor('home', 'state', 'string').field).toBe('state_string_string');
});

test('what the database has already counts more than what came first', () => {
  const types = new FieldTypes();
  types.formFor('home', 'n', 'number');
  expect(types.learn('home', 'n', 'integer')).toBe(true);
  expect(types.formFor('home', 'n', 'number').field).toBe('n_number');
  expect(types.learn('home', 'n', 'integer')).toBe(false);
  expect(types.learn('home', 'n', 'blob')).toBe(false);
});

test('a whole number is a number where the field has such, not the other way round', () => {
  const types = new FieldTypes();
  types.formFor('home', 'n', 'number');
  expect(types.formFor('home', 'n', 'integer')).toEqual({ field: 'n', kind: 'number' });
  types.learn('home', 'm', 'integer');
  expect(types.formFor('home', 'm', 'integer')).toEqual({ field: 'm', kind: 'integer' });
  expect(types.formFor('home', 'm', 'number')).toEqual({ field: 'm_number', kind: 'number' });
  expect(types.formFor('home', 'm', 'unsigned')).toEqual({ field: 'm_unsigned', kind: 'unsigned' });
  expect(types.kindOf('home', 'm')).toBe('integer');
});

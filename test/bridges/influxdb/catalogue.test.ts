import { beforeEach, expect, test } from 'vitest';
import { Catalogue } from '../../../bridges/influxdb/catalogue.ts';
import type { FieldType } from '../../../bridges/influxdb/connection.ts';
import type { Table } from '../../../bridges/influxdb/influxql.ts';
import { ManualClock } from '../../support/manual-clock.ts';

let fields: FieldType[];
let asked: string[];
let tagValues: Table['values'];
let clock: ManualClock;
let catalogue: Catalogue;

beforeEach(() => {
  fields = [];
  asked = [];
  tagValues = [];
  clock = new ManualClock();
  const connection = {
    detect: async () => 1 as const,
    fields: async () => {
      asked.push('fields');
      return fields;
    },
    query: async (statement: string) => {
      asked.push(statement);
      return [[{ name: 'm', tags: {}, columns: ['key', 'value'], values: tagValues }]];
    },
  };
  const naming = { bucket: 'telegraf', deviceTags: ['device', 'host'] };
  catalogue = new Catalogue({ connection, naming, groups: () => new Set(['home', 'work']), clock });
});

const add = (measurement: string, types: Readonly<Record<string, string>>): void => {
  for (const [field, type] of Object.entries(types)) fields.push({ measurement, field, type });
};

test('a measurement that is called as a group is the hub’s own: its fields are metrics', async () => {
  add('home', { temp: 'float', state: 'string' });
  add('cpu', { 'usage idle': 'float' });
  const [home, cpu] = await catalogue.all();
  expect([home?.isOurs, [...(home?.metrics.keys() ?? [])]]).toEqual([true, ['temp', 'state']]);
  expect(cpu?.isOurs).toBe(false);
  expect([...(cpu?.metrics.keys() ?? [])]).toEqual([expect.stringMatching(/^cpu\.usage_idle-[0-9a-f]{4}$/)]);
});

test('a group is looked for in its own measurement and in all lines', async () => {
  add('home', { temp: 'float' });
  add('work', { temp: 'float' });
  add('cpu', { idle: 'float' });
  expect((await catalogue.of('home')).map(({ name }) => name)).toEqual(['home', 'cpu']);
});

test('the quality of a field, and its values of another kind, belong to its metric', async () => {
  add('home', {
    state: 'float',
    state_string: 'string',
    state_quality: 'string',
    other_string: 'string',
    air_quality: 'string',
  });
  const [home] = await catalogue.all();
  expect([...(home?.metrics.keys() ?? [])]).toEqual(['state', 'other_string', 'air_quality']);
  expect(home?.metrics.get('state')).toEqual({
    base: 'state',
    fields: [
      { name: 'state', isNumber: true },
      { name: 'state_string', isNumber: false },
    ],
    quality: 'state_quality',
  });
});

test('is asked for again after some seconds, and after an error at once', async () => {
  await catalogue.all();
  await catalogue.all();
  expect(asked).toEqual(['fields']);
  clock.advance(6000);
  await catalogue.all();
  expect(asked).toEqual(['fields', 'fields']);
});

test('the values of the tags that name devices are asked for with quoted names', async () => {
  tagValues = [
    ['host', 'a'],
    ['host', 'b'],
    ['hub_device', 'bed'],
  ];
  add('m"x', { f: 'float' });
  const values = await catalogue.deviceValues(await catalogue.all());
  expect([...values]).toEqual([
    ['host', ['a', 'b']],
    ['hub_device', ['bed']],
  ]);
  expect(asked.at(-1)).toBe(
    String.raw`SHOW TAG VALUES FROM "m\"x" WITH KEY IN ("device", "host", "hub_device")`,
  );
});

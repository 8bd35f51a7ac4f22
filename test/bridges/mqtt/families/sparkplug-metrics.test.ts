import { describe, expect, test } from 'vitest';
import { propertiesOf, readMetric } from '../../../../bridges/mqtt/families/sparkplug-metrics.ts';
import { toLong, type SparkplugMetric } from '#contract/formats/sparkplug-payload.ts';

const read = (metric: SparkplugMetric, datatype = 0) =>
  readMetric(metric, { name: 'a/b', datatype, timeUs: 1 });

describe('Sparkplug 3.0, data types', () => {
  for (const [title, metric, datatype, value] of [
    ['Int8', { intValue: 0xff }, 1, -1],
    ['Int16', { intValue: 0x8000 }, 2, -32_768],
    ['Int32', { intValue: 0xfffffffb }, 3, -5],
    ['UInt32 in 32 bits', { intValue: 0xfffffffb }, 7, 4_294_967_291],
    ['Int64', { longValue: toLong(-7) }, 4, -7],
    ['DateTime', { longValue: toLong(1_780_315_200_000) }, 13, '2026-06-01T12:00:00.000Z'],
    ['Float', { floatValue: Math.fround(0.1) }, 9, 0.1],
    ['Boolean', { booleanValue: false }, 11, false],
    ['String', { stringValue: 'on' }, 12, 'on'],
  ] as const)
    test(`${title} is ${value}`, () =>
      expect(read(metric, datatype).readings).toMatchObject([{ metric: 'a.b', value, quality: 'good' }]));
  test('an integer beyond 2^53 keeps its digits', () =>
    expect(read({ longValue: toLong(-1) }, 8).readings).toMatchObject([
      { value: '18446744073709551615', quality: 'uncertain' },
    ]));
  test('no number is bad', () =>
    expect(read({ doubleValue: NaN }, 10).readings).toMatchObject([{ value: null, quality: 'bad' }]));
  test('an array is a reading for each element, a data set one for each cell', () => {
    expect(read({ bytesValue: new Uint8Array([1, 255]) }, 22).readings).toMatchObject([
      { metric: 'a.b.0', value: 1, timeUs: 1 },
      { metric: 'a.b.1', value: -1 },
    ]);
    const row = { elements: [{ intValue: 0xff }, { doubleValue: 2.5 }] };
    const table = { columns: ['n', 'x'], types: [1, 10], rows: [row] };
    expect(read({ datasetValue: table }, 16).readings).toMatchObject([
      { metric: 'a.b.n', value: -1 },
      { metric: 'a.b.x', value: 2.5 },
    ]);
    expect(read({ datasetValue: { ...table, rows: [row, {}] } }, 16).readings).toMatchObject([
      { metric: 'a.b.0.n', value: -1 },
      { metric: 'a.b.0.x', value: 2.5 },
      { metric: 'a.b.1.n', value: null, quality: 'bad' },
      { metric: 'a.b.1.x', value: null, quality: 'bad' },
    ]);
  });
  test('bytes, files and what is too long to be a measurement are refused, with the reason', () => {
    expect(read({ bytesValue: new Uint8Array(2) }, 17).problems).toMatchObject([{ code: 'bytes' }]);
    expect(read({ bytesValue: new Uint8Array(257) }, 26).problems).toMatchObject([{ code: 'too-long' }]);
    const rows = Array.from({ length: 300 }, () => ({}));
    expect(read({ datasetValue: { columns: ['n'], rows } }, 16).problems).toMatchObject([
      { code: 'too-long' },
    ]);
  });
  test('a template is its parts; a definition measures nothing', () => {
    const metrics = [{ name: 'x', datatype: 10, doubleValue: 2 }];
    expect(read({ templateValue: { metrics } }, 19).readings).toMatchObject([{ metric: 'a.b.x', value: 2 }]);
    expect(read({ templateValue: { metrics, isDefinition: true } }, 19)).toEqual({
      readings: [],
      problems: [],
    });
  });
  test('templates inside templates end somewhere', () => {
    let metric: SparkplugMetric = { doubleValue: 1 };
    for (let depth = 0; depth < 20; depth += 1) metric = { name: 'x', templateValue: { metrics: [metric] } };
    expect(read(metric).problems).toMatchObject([{ code: 'too-deep' }]);
  });
});

describe('Sparkplug 3.0, properties', () => {
  test('quality, unit and range', () => {
    const properties = {
      keys: ['Quality', 'engUnit', 'engLow', 'engHigh', 'readOnly'],
      values: [
        { intValue: 500 },
        { stringValue: '°C' },
        { doubleValue: 0 },
        { doubleValue: 9 },
        { booleanValue: true },
      ],
    };
    expect(propertiesOf({ properties })).toEqual({
      quality: 'stale',
      unit: 'Cel',
      min: 0,
      max: 9,
      readOnly: true,
    });
    expect(read({ doubleValue: 1, properties }).readings).toMatchObject([{ unit: 'Cel', quality: 'stale' }]);
  });
  test('bad is no value', () =>
    expect(
      read({ doubleValue: 1, properties: { keys: ['Quality'], values: [{ intValue: 0 }] } }).readings,
    ).toMatchObject([{ value: null, quality: 'bad' }]));
});

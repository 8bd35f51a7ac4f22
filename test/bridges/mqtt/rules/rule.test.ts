import { describe, expect, test } from 'vitest';
import type { MappingDraft } from '#contract/mapping.ts';
import { mapToFamily } from '../../../../bridges/mqtt/mapping.ts';
import type { Meaning } from '../../../../bridges/mqtt/meaning.ts';
import { Rule } from '../../../../bridges/mqtt/rules/rule.ts';
import { toContext, toMessage } from '../families/decode.ts';

const base: MappingDraft = {
  name: 'mast',
  topic: 'mast/{mast}/env',
  group: 'Weather',
  device: 'mast-{mast}',
  values: [{ path: '$.t', metric: 'temperature' }],
};

function map(draft: Partial<MappingDraft>, payload: string, topic = 'mast/7/env'): Meaning | undefined {
  const context = { ...toContext(), rules: new Rule({ ...base, ...draft }) };
  return mapToFamily(toMessage(topic, payload), [], context);
}

function valuesOf(draft: Partial<MappingDraft>, payload: string): unknown[] {
  return map(draft, payload)?.readings?.map(({ metric, value, quality }) => [metric, value, quality]) ?? [];
}

describe('a mapping', () => {
  test('names group, device and metric by the parts of the topic', () => {
    const values = [{ path: '$.t', metric: '{mast}.t' }];
    expect(map({ values, group: 'site-{mast}' }, '{"t":1}')?.readings).toMatchObject([
      { group: 'site-7', device: 'mast-7', metric: '7.t', value: 1 },
    ]);
  });

  test('makes ids of what is none', () => {
    const [reading] = map({}, '{"t":1}', 'mast/bed 7/env')?.readings ?? [];
    expect(reading).toMatchObject({ group: expect.stringMatching(/^weather-[\da-f]{4}$/) as string });
    expect(reading?.device).toMatch(/^mast-bed_7-[\da-f]{4}$/);
  });

  test('other topics are not its business', () => {
    expect(map({}, '{"t":1}', 'mast/7/other')).toBeUndefined();
  });

  test('a wildcard gives a metric for each that it selects', () => {
    const values = [{ path: '$.probes[*].t', metric: 'probe.{*}' }];
    expect(valuesOf({ values }, '{"probes":[{"t":1},{"t":2}]}')).toEqual([
      ['probe.0', 1, 'good'],
      ['probe.1', 2, 'good'],
    ]);
  });

  test('takes the unit to the registry, its own or the one in the text', () => {
    const values = [{ path: '$.t', metric: 't', unit: 'Cel' }];
    expect(map({ values }, '{"t":1}')?.descriptions).toMatchObject([
      { description: { metrics: [{ metric: 't', unit: 'Cel' }] } },
    ]);
    const plain = [{ path: '$', metric: 't' }];
    expect(map({ values: plain }, '21.5 °C')?.descriptions).toMatchObject([
      { description: { metrics: [{ metric: 't', unit: 'Cel' }] } },
    ]);
  });

  for (const [what, value, payload, expected] of [
    ['a plain number', { path: '$' }, '21.5', [21.5, 'good']],
    ['a plain word', { path: '$' }, 'ON', [true, 'good']],
    ['nan, which is no number', { path: '$' }, 'nan', [null, 'bad']],
    ['a text in JSON stays one', { path: '$.t' }, '{"t":"21.5"}', ['21.5', 'good']],
    ['a text meant as a number', { path: '$.t', as: 'number' }, '{"t":"21.5 °C"}', [21.5, 'good']],
    ['a text that is no number', { path: '$.t', as: 'number' }, '{"t":"broken"}', [null, 'bad']],
    ['digits meant as a text', { path: '$', as: 'text' }, '42', ['42', 'good']],
    ['a factor', { path: '$.t', factor: 0.1 }, '{"t":215}', [21.5, 'good']],
    [
      'a sentinel, before the factor',
      { path: '$.t', factor: 2, sentinels: [-127] },
      '{"t":-127}',
      [null, 'bad'],
    ],
    ['a sentinel in words', { path: '$.t', sentinels: ['off line'] }, '{"t":"off line"}', [null, 'bad']],
    ['at best uncertain', { path: '$.t', quality: 'uncertain' }, '{"t":1}', [1, 'uncertain']],
    ['bad stays bad', { path: '$.t', quality: 'uncertain' }, '{"t":null}', [null, 'bad']],
  ] as const)
    test(what, () => {
      const values = [{ metric: 'm', ...value }] as unknown as MappingDraft['values'];
      expect(valuesOf({ values }, payload)).toEqual([['m', ...expected]]);
    });

  for (const [time, expectedMs] of [
    ['1780000000', 1_780_000_000_000],
    ['1780000000123', 1_780_000_000_123],
    ['"2026-06-01T12:00:00+02:00"', Date.parse('2026-06-01T10:00:00Z')],
  ] as const)
    test(`takes the payload's own time ${time}`, () => {
      const [reading] = map({ time: '$.at' }, `{"t":1,"at":${time}}`)?.readings ?? [];
      expect(reading?.timeUs).toBe(expectedMs * 1000);
    });

  test('a time that is none is told, and the value is kept', () => {
    const meaning = map({ time: '$.at' }, '{"t":1,"at":"noon"}');
    expect(meaning?.problems).toMatchObject([{ path: '$.at', code: 'invalid-time' }]);
    expect(meaning?.readings).toMatchObject([{ value: 1, timeUs: undefined }]);
  });

  test('an object where a value should be is a problem', () => {
    expect(map({}, '{"t":{"x":1}}')?.problems).toMatchObject([{ path: '$.t', code: 'not-a-value' }]);
  });

  test('a payload without any of its values is set aside with what was missed', () => {
    expect(map({}, '{"other":1}')).toMatchObject({ aside: expect.stringContaining('$.t') as string });
  });

  for (const [what, draft, code] of [
    ['a device part that the topic has not', { device: '{nobody}' }, 'invalid-template'],
    ['a path that is none', { values: [{ path: 't', metric: 'm' }] }, 'invalid-path'],
    ['a wildcard without a name for each', { values: [{ path: '$[*]', metric: 'm' }] }, 'invalid-metric'],
    ['a name for each without a wildcard', { values: [{ path: '$.a', metric: 'm{*}' }] }, 'invalid-metric'],
    ['a time path that is none', { time: 'ts' }, 'invalid-path'],
  ] as const)
    test(`is refused with ${what}`, () => {
      expect(() => new Rule({ ...base, ...(draft as Partial<MappingDraft>) })).toThrow(
        expect.objectContaining({ code }),
      );
    });
});

import { describe, expect, test } from 'vitest';
import {
  availabilityOf,
  identifierOf,
  readConfig,
  readTemplate,
} from '../../../../bridges/mqtt/families/homeassistant-config.ts';

const named = (device: object): string | undefined =>
  identifierOf({ component: 'sensor', key: 'x', fields: { device } });

describe('a config message', () => {
  test('has its abbreviations written out and its base topic filled in', () => {
    const [entity] = readConfig(['switch', 'pump', 'config'], {
      '~': 'garden/pump',
      stat_t: '~/state',
      cmd_t: '~/set',
      dev: { ids: ['p1'], mdl: 'P' },
    });
    expect(entity).toMatchObject({
      component: 'switch',
      key: 'switch/pump',
      fields: {
        state_topic: 'garden/pump/state',
        command_topic: 'garden/pump/set',
        device: { identifiers: ['p1'], model: 'P' },
      },
    });
  });
  test('of a device is taken apart into its components, which inherit what is common', () => {
    const entities = readConfig(['device', 'd1', 'config'], {
      dev: { ids: 'd1' },
      stat_t: 'd1/all',
      cmps: { t: { p: 'sensor', unit_of_meas: '°C' }, gone: {}, h: { p: 'sensor', stat_t: 'd1/h' } },
    });
    expect(entities.map(({ key, fields }) => [key, fields['state_topic']])).toEqual([
      ['device/d1/t', 'd1/all'],
      ['device/d1/h', 'd1/h'],
    ]);
  });
  test('tells presence on one topic or on several, in its own words', () => {
    const [{ fields } = { fields: {} }] = readConfig(['light', 'x', 'config'], {
      avty: [
        { t: 'a/state', value_template: '{{ value_json.up }}' },
        { t: 'b', pl_avail: 'yes' },
      ],
    });
    expect(availabilityOf(fields)).toEqual([
      {
        topic: 'a/state',
        path: ['up'],
        words: new Map([
          ['online', 'online'],
          ['offline', 'offline'],
        ]),
      },
      {
        topic: 'b',
        path: [],
        words: new Map([
          ['yes', 'online'],
          ['offline', 'offline'],
        ]),
      },
    ]);
  });
  test('names the device by an identifier, or by the address of a connection', () => {
    expect(named({ identifiers: 'one' })).toBe('one');
    expect(named({ connections: [['mac', '0a:1b']] })).toBe('0a:1b');
    expect(named({ name: 'only a name' })).toBeUndefined();
  });
});

describe('a template', () => {
  for (const [template, path] of [
    [undefined, []],
    ['{{ value }}', []],
    ['{{ value | float }}', []],
    ['{{ value_json.temperature }}', ['temperature']],
    ["{{ value_json['AM 2301'].Temperature | round(1) }}", ['AM 2301', 'Temperature']],
    ['{{value_json.power[0]}}', ['power', '0']],
    ['{{ value_json.power / 10 }}', undefined],
    ['{{ value | multiply(2) }}', undefined],
    ['{% if value == "a" %}1{% endif %}', undefined],
  ] as const)
    test(`${template} ${path === undefined ? 'computes' : `takes [${path.join()}]`}`, () =>
      expect(readTemplate(template)).toEqual(path));
});

import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  flagOf,
  parseValue,
  settings,
  suggest,
  variableOf,
  type Setting,
} from '../../hub/settings.ts';

function parse(kind: Setting['kind'], value: unknown): unknown {
  return parseValue({ path: 'a.b', kind, default: undefined, about: '' }, value, '--a-b');
}

describe('A setting', () => {
  test('has a flag and a variable by its path', () => {
    expect([flagOf('http.port'), variableOf('http.port')]).toEqual(['http-port', 'SIGNALBOX_HTTP_PORT']);
  });

  test('has a path, a flag and a variable of its own', () => {
    const paths = settings.map(({ path }) => path);
    for (const name of [flagOf, variableOf]) expect(new Set(paths.map(name)).size).toBe(paths.length);
  });

  test('has a default that is a value of its kind', () => {
    for (const setting of settings)
      if (setting.default !== undefined)
        expect(parseValue(setting, setting.default, setting.path)).toEqual(setting.default);
  });
});

describe('A value, as YAML or as the text of a flag or a variable', () => {
  const accepted: readonly [Setting['kind'], unknown, unknown][] = [
    ['text', 'a', 'a'],
    ['flag', true, true],
    ['flag', 'true', true],
    ['flag', '0', false],
    ['port', 8080, 8080],
    ['port', '0', 0],
    ['port', '65535', 65_535],
    ['linger', 0, 0],
    ['linger', '3000', 3000],
    ['list', ['a', 'b'], ['a', 'b']],
    ['list', 'a, b', ['a', 'b']],
    ['level', 'debug', 'debug'],
    ['zone', 'UTC', 'UTC'],
    ['zone', 'America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ];
  for (const [kind, value, read] of accepted)
    test(`${JSON.stringify(value)} is a ${kind}`, () => expect(parse(kind, value)).toEqual(read));

  const refused: readonly [Setting['kind'], readonly unknown[]][] = [
    ['text', ['', 1, null, true]],
    ['flag', ['yes', 1, null, '']],
    ['port', ['', '65536', -1, 80.5, '1e3', ' 80', 'http', null]],
    ['linger', ['', '3001', -1, 0.5, '2s', null]],
    ['list', [1, [1], null]],
    ['level', ['DEBUG', '', 3]],
    ['zone', ['', 'Mars', 'Europe/', '+02:00', '-05', 1, null]],
  ];
  for (const [kind, values] of refused)
    for (const value of values)
      test(`${JSON.stringify(value)} is no ${kind}: the error names where it stands`, () => {
        expect(() => parse(kind, value)).toThrow(ConfigError);
        expect(() => parse(kind, value)).toThrow(/^--a-b must be /);
      });
});

describe('A misspelled name', () => {
  const known = ['http.port', 'http.host', 'mqtt.port'];

  test('suggests the nearest one', () => {
    expect(suggest('http.prot', known, '--')).toBe('; did you mean --http.port?');
    expect(suggest('mqt.port', known, '')).toBe('; did you mean mqtt.port?');
  });

  test('that is like none suggests nothing', () => {
    expect(suggest('colour', known, '--')).toBe('');
    expect(suggest('a', [], '')).toBe('');
  });
});

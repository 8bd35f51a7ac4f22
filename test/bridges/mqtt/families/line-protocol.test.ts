import { describe, expect, test } from 'vitest';
import { families } from '../../../../bridges/mqtt/families/all.ts';
import { mapToFamily } from '../../../../bridges/mqtt/mapping.ts';
import { toContext, toMessage, understand } from './decode.ts';

const at = '@2026-05-28T20:26:40.000Z';

describe('line protocol', () => {
  test('each field is a reading, and Telegraf’s topic names the host', () =>
    expect(understand('telegraf/nas/disk', 'disk used=5i,ok=true 1780000000000000000')).toEqual([
      `influx/nas disk.used = 5 ${at}`,
      `influx/nas disk.ok = true ${at}`,
    ]));
  test('a tag that names the host wins', () =>
    expect(understand('telegraf/x/cpu', 'cpu,host=a v=1\ncpu,host=b v=2')).toEqual([
      'influx/a cpu.v = 1',
      'influx/b cpu.v = 2',
    ]));
  for (const digits of ['1780000000', '1780000000000', '1780000000000000'])
    test(`a time of ${digits.length} digits has its unit`, () =>
      expect(understand('any/topic', `m,host=h v=1 ${digits}`)).toEqual([`influx/h m.v = 1 ${at}`]));
  test('on another topic the topic is the device', () =>
    expect(understand('topic', 'm v=1 1780000000')).toEqual([`influx/topic m.v = 1 ${at}`]));
  test('a line that cannot be read is a problem, the others are kept', () =>
    expect(understand('telegraf/h/m', 'm v=1\nm v=')).toEqual([
      'influx/h m.v = 1',
      expect.stringMatching(/^problem /),
    ]));
  test('JSON below Telegraf’s topic is nobody’s', () =>
    expect(understand('telegraf/h/m', '{"fields":{"a":"x=1"}}')).toEqual(['unknown']));
  test('the content type is proof enough', () => {
    const message = toMessage('t', 'm v=1', { contentType: 'application/vnd.influx.lineprotocol' });
    expect(mapToFamily(message, families, toContext())?.decoder).toBe('influx');
  });
  for (const text of [
    'm v=1',
    'hello world',
    'a=b c=d 1780000000',
    '{"a": "b c=1 1780000000"}',
    'x 1780000000',
  ])
    test(`${JSON.stringify(text)} on any topic is nobody’s`, () =>
      expect(understand('any/topic', text)).toEqual(['unknown']));
});

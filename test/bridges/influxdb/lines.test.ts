import { beforeEach, describe, expect, test } from 'vitest';
import { Lines } from '../../../bridges/influxdb/lines.ts';
import type { Reading } from '#contract/reading.ts';
import { CountersProbe } from '../../support/fakes.ts';

let counters: CountersProbe;
let lines: Lines;

beforeEach(() => {
  counters = new CountersProbe();
  lines = new Lines({ counters });
});

function reading(value: Reading['value'], fields: Partial<Reading> = {}): Reading {
  const own = { group: 'home', device: 'd1', metric: 'temp', timeUs: 1_780_000_000_000_001 };
  return { ...own, value, quality: 'good', stampedBy: 'device', ...fields };
}

describe('A reading as a line of InfluxDB', () => {
  for (const [what, one, line] of [
    ['a number is a float', reading(21), 'home,device=d1 temp=21 1780000000000001'],
    ['a boolean', reading(true), 'home,device=d1 temp=true 1780000000000001'],
    ['a text', reading('a "b"'), String.raw`home,device=d1 temp="a \"b\"" 1780000000000001`],
    [
      'its quality when not good',
      reading(1, { quality: 'uncertain' }),
      'home,device=d1 temp=1,temp_quality="uncertain" 1780000000000001',
    ],
    [
      'only its quality when there is no value',
      reading(null, { quality: 'bad' }),
      'home,device=d1 temp_quality="bad" 1780000000000001',
    ],
    [
      'tags of the series, sorted and escaped',
      reading(1, { tags: { room: 'big room', cpu: '0' } }),
      String.raw`home,cpu=0,device=d1,room=big\ room temp=1 1780000000000001`,
    ],
    [
      'a tag that is called device steps aside',
      reading(1, { tags: { device: 'sda' } }),
      'home,device=d1,tag_device=sda temp=1 1780000000000001',
    ],
  ] as const)
    test(what, () => {
      expect(lines.encode([one])).toBe(`${line}\n`);
      // The second comes from the kept prefix.
      expect(lines.encode([one])).toBe(`${line}\n`);
    });

  test('readings keep their order, and series do not run together', () => {
    const two = [reading(1), reading(2, { device: 'd2' }), reading(3, { tags: { cpu: '0' } })];
    expect(lines.encode(two).split('\n')).toEqual([
      'home,device=d1 temp=1 1780000000000001',
      'home,device=d2 temp=2 1780000000000001',
      'home,cpu=0,device=d1 temp=3 1780000000000001',
      '',
    ]);
  });

  test('a value of another kind goes to a field beside it, counted', () => {
    const text = lines.encode([reading(1), reading('on'), reading('off', { device: 'd2' }), reading(2)]);
    expect(text.match(/temp\w*(?==)/g)).toEqual(['temp', 'temp_string', 'temp_string', 'temp']);
    expect(counters.counts.get('influx.field/type-changed')).toBe(2);
  });

  test('a type that the database has already holds from then on', () => {
    lines.encode([reading(1)]);
    expect(lines.learn('home', 'temp', 'integer')).toBe(true);
    expect(lines.encode([reading(1)])).toBe('home,device=d1 temp_number=1 1780000000000001\n');
    expect(lines.learn('home', 'temp', 'integer')).toBe(false);
  });
});

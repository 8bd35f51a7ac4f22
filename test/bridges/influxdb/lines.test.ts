import { beforeEach, describe, expect, test } from 'vitest';
import { Lines } from '../../../bridges/influxdb/lines.ts';
import type { FollowedReading } from '#ports';
import { CountersProbe } from '../../support/fakes.ts';
import { followed, series } from './support/followed.ts';

let counters: CountersProbe;
let lines: Lines;

const open = (hasUnsigned = true): Lines =>
  new Lines({ counters, bucket: 'telegraf', hasUnsigned: () => hasUnsigned });

beforeEach(() => {
  counters = new CountersProbe();
  lines = open();
});

const temp = series({ device: 'd1', metric: 'temp' });
const cpu = (field: string): FollowedReading['series'] => ({
  ...series({ group: 'telegraf', device: 'a', metric: `cpu.${field}`, tags: { cpu: 'cpu0' } }),
  line: { measurement: 'cpu', tags: { cpu: 'cpu0', host: 'a' }, field },
});
const later = (n: number): Partial<FollowedReading> => ({ timeUs: 1_780_000_000_000_001 + n });

describe('A reading as a line of InfluxDB', () => {
  for (const [what, one, line] of [
    ['a number is a float', followed(temp, 21), 'home,device=d1 temp=21 1780000000000001'],
    ['a boolean', followed(temp, true), 'home,device=d1 temp=true 1780000000000001'],
    ['a text', followed(temp, 'a "b"'), String.raw`home,device=d1 temp="a \"b\"" 1780000000000001`],
    [
      'its quality when not good',
      followed(temp, 1, { quality: 'uncertain' }),
      'home,device=d1 temp=1,temp_quality="uncertain" 1780000000000001',
    ],
    [
      'only its quality when there is no value',
      followed(temp, null, { quality: 'bad' }),
      'home,device=d1 temp_quality="bad" 1780000000000001',
    ],
    [
      'tags of the series, sorted and escaped',
      followed({ ...temp, tags: { room: 'big room', cpu: '0' } }, 1),
      String.raw`home,cpu=0,device=d1,room=big\ room temp=1 1780000000000001`,
    ],
  ] as const)
    test(what, () => {
      expect(lines.encode([one])).toBe(`${line}\n`);
      // The second comes from the kept prefix.
      expect(lines.encode([one])).toBe(`${line}\n`);
    });

  test('readings keep their order, and series do not run together', () => {
    const two = [temp, { ...temp, device: 'd2' }, { ...temp, tags: { cpu: '0' } }];
    expect(lines.encode(two.map((one, n) => followed(one, n))).split('\n')).toEqual([
      'home,device=d1 temp=0 1780000000000001',
      'home,device=d2 temp=1 1780000000000001',
      'home,cpu=0,device=d1 temp=2 1780000000000001',
      '',
    ]);
    expect(lines.encode([])).toBe('');
  });
});

describe('Neighbours of one device and instant', () => {
  const humidity = { ...temp, metric: 'humidity' };

  test('share a line', () => {
    const both = [followed(temp, 1), followed(humidity, 2), followed(humidity, 3, later(1))];
    expect(lines.encode(both)).toBe(
      'home,device=d1 temp=1,humidity=2 1780000000000001\nhome,device=d1 humidity=3 1780000000000002\n',
    );
  });

  test('but a field is in a line once: the later of two values comes later', () => {
    const both = [followed(temp, 1), followed(humidity, 2), followed(temp, 3), followed(humidity, 4)];
    expect(lines.encode(both).split('\n')).toEqual([
      'home,device=d1 temp=1,humidity=2 1780000000000001',
      'home,device=d1 temp=3,humidity=4 1780000000000001',
      '',
    ]);
  });
});

describe('What came as line protocol', () => {
  test('leaves as it came: names, whole numbers, one line', () => {
    const readings = [
      followed(cpu('idle'), 98.5),
      followed(cpu('ticks'), 12, { form: 'integer' }),
      followed(cpu('jiffies'), 7, { form: 'unsigned' }),
      followed(cpu('state'), 'ok'),
    ];
    expect(lines.encode(readings)).toBe(
      'cpu,cpu=cpu0,host=a idle=98.5,ticks=12i,jiffies=7u,state="ok" 1780000000000001\n',
    );
  });

  test('whole numbers that only digits can hold are exact', () => {
    const digits = { form: 'integer', quality: 'uncertain' } as const;
    expect(lines.encode([followed(cpu('n'), '9007199254740993', digits)])).toBe(
      'cpu,cpu=cpu0,host=a n=9007199254740993i,n_quality="uncertain" 1780000000000001\n',
    );
  });

  test('1.x has no unsigned integers: they are integers, and texts where those end', () => {
    lines = open(false);
    const most = followed(cpu('n'), '18446744073709551615', { form: 'unsigned' });
    expect(lines.encode([followed(cpu('n'), 7, { form: 'unsigned' })])).toContain(' n=7i ');
    expect(lines.encode([most])).toContain(' n_string="18446744073709551615" ');
  });

  test('a whole number goes into a field of floats as a float', () => {
    lines.learn('cpu', 'n', 'float');
    const whole = { form: 'integer' } as const;
    expect(lines.encode([followed(cpu('n'), 7, whole)])).toContain(' n=7 ');
    expect(lines.encode([followed(cpu('n'), '9007199254740993', whole)])).toContain(
      ' n_string="9007199254740993" ',
    );
  });

  test('a reading of the same series that came otherwise has the hub’s names', () => {
    expect(lines.encode([followed(cpu('idle'), 1, { isLine: false })])).toBe(
      'telegraf,cpu=cpu0,device=a cpu.idle=1 1780000000000001\n',
    );
  });
});

describe('A field has one type', () => {
  test('a value of another kind goes to a field beside it, counted', () => {
    const other = { ...temp, device: 'd2' };
    const readings = [followed(temp, 1), followed(temp, 'on'), followed(other, 'off'), followed(temp, 2)];
    const text = lines.encode(readings);
    expect(text.match(/temp\w*(?==)/g)).toEqual(['temp', 'temp_string', 'temp_string', 'temp']);
    expect(counters.counts.get('influx.field/type-changed')).toBe(2);
  });

  test('a type that the database has already holds from then on', () => {
    lines.encode([followed(temp, 1)]);
    expect(lines.learn('home', 'temp', 'integer')).toBe(true);
    expect(lines.encode([followed(temp, 1)])).toBe('home,device=d1 temp_number=1 1780000000000001\n');
    expect(lines.learn('home', 'temp', 'integer')).toBe(false);
  });
});

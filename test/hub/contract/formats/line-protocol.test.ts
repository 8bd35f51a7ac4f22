import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeLineProtocol, type LineOptions, type Precision } from '#contract/formats/line-protocol.ts';
import type { Value } from '#contract/reading.ts';

/** Device, metric, tags, value and time of each reading. */
function rows(text: string, options?: LineOptions): readonly unknown[] {
  const { readings, problems } = decodeLineProtocol(text, options);
  expect(problems).toEqual([]);
  return readings.map(({ device, metric, tags = {}, value, timeUs }) => [
    device,
    metric,
    tags,
    value,
    timeUs,
  ]);
}

function valueOf(field: string): readonly [Value, string | undefined] {
  const { readings, problems } = decodeLineProtocol(`m f=${field}`);
  expect(problems).toEqual([]);
  expect(readings).toHaveLength(1);
  return [readings[0]?.value ?? null, readings[0]?.quality];
}

function timeOf(line: string, precision: Precision): number | undefined {
  return decodeLineProtocol(line, { precision }).readings[0]?.timeUs;
}

function problemsOf(text: string): readonly (readonly [number, string])[] {
  return decodeLineProtocol(text).problems.map(({ row, code }) => [row, code] as const);
}

const micros = 1_465_839_830_100_400;

describe('Line protocol: a line is a reading for each field', () => {
  test('metric = measurement.field, the tags are the series, nanoseconds become microseconds', () => {
    expect(rows('weather,location=us-midwest temperature=82,humidity=71 1465839830100400200')).toEqual([
      ['default', 'weather.temperature', { location: 'us-midwest' }, 82, micros],
      ['default', 'weather.humidity', { location: 'us-midwest' }, 71, micros],
    ]);
  });

  test('its own names go along with each reading, with the tag that names the device', () => {
    const { readings } = decodeLineProtocol(String.raw`big\ cpu,host=server-1,a\ b=c\ d usage=1,n=2i`);
    const names = { measurement: 'big cpu', tags: { host: 'server-1', 'a b': 'c d' } };
    expect(readings.map(({ line, form }) => [line, form])).toEqual([
      [{ ...names, field: 'usage' }, undefined],
      [{ ...names, field: 'n' }, 'integer'],
    ]);
  });

  test('whole numbers are marked as such, also those that only digits can hold', () => {
    const { readings } = decodeLineProtocol('m a=1,b=1i,c=1u,d=18446744073709551615u,e=t,f="1i"');
    expect(readings.map(({ value, form }) => [value, form])).toEqual([
      [1, undefined],
      [1, 'integer'],
      [1, 'unsigned'],
      ['18446744073709551615', 'unsigned'],
      [true, undefined],
      ['1i', undefined],
    ]);
  });

  test('without tags and without time', () => {
    expect(rows('weather temperature=82')).toEqual([['default', 'weather.temperature', {}, 82, undefined]]);
  });

  test('the tag `device` names the device, else `host`; the other tags stay', () => {
    expect(rows('cpu,cpu=cpu0,host=a usage=1')).toEqual([['a', 'cpu.usage', { cpu: 'cpu0' }, 1, undefined]]);
    expect(rows('t,device=d,host=a v=1')).toEqual([['d', 't.v', { host: 'a' }, 1, undefined]]);
  });

  test('the tags that name the device can be others, or none', () => {
    const line = 'disk,device=sda1,host=a free=1';
    expect(rows(line, { deviceTags: ['host', 'device'] })).toEqual([
      ['a', 'disk.free', { device: 'sda1' }, 1, undefined],
    ]);
    expect(rows(line, { deviceTags: [] })).toEqual([
      ['default', 'disk.free', { device: 'sda1', host: 'a' }, 1, undefined],
    ]);
  });

  test('names become ids by the rule of all edges', () => {
    const [row] = rows('my\\ disk,mount\\ point=/var/lib,host=a.example free\\ bytes=1') as [unknown[]];
    expect(row[0]).toBe('a.example');
    expect(row[1]).toMatch(/^my_disk\.free_bytes-[0-9a-f]{4}$/);
    expect(Object.entries(row[2] as object)).toEqual([
      [expect.stringMatching(/^mount_point-[0-9a-f]{4}$/), '/var/lib'],
    ]);
  });

  test('a tag called `__proto__` is a tag', () => {
    const [row] = rows('m,__proto__=x f=1') as [unknown[]];
    expect(Object.values(row[2] as object)).toEqual(['x']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('Line protocol: values', () => {
  const good: readonly (readonly [string, Value])[] = [
    ['82', 82],
    ['-1.5', -1.5],
    ['1.', 1],
    ['.5', 0.5],
    ['-0', 0],
    ['1e3', 1000],
    ['-1.234456e+78', -1.234456e78],
    ['82i', 82],
    ['-7i', -7],
    ['9007199254740991i', Number.MAX_SAFE_INTEGER],
    ['82u', 82],
    ...['t', 'T', 'true', 'True', 'TRUE'].map((word) => [word, true] as const),
    ...['f', 'F', 'false', 'False', 'FALSE'].map((word) => [word, false] as const),
    ['"too warm"', 'too warm'],
    ['""', ''],
    ['"a, b = c"', 'a, b = c'],
    [String.raw`"too hot\"cold"`, 'too hot"cold'],
    [String.raw`"C:\\dir\file\\"`, String.raw`C:\dir\file` + '\\'],
    ['"two\nlines"', 'two\nlines'],
    ['"82"', '82'],
    ['"12345678901234567890"', '12345678901234567890'],
  ];
  for (const [field, value] of good)
    test(`${JSON.stringify(field)} is ${JSON.stringify(value)}`, () => {
      expect(valueOf(field)).toEqual([value, 'good']);
    });

  for (const digits of ['9007199254740993', '-9223372036854775808'])
    test(`${digits}i keeps its digits, uncertain`, () => {
      expect(valueOf(`${digits}i`)).toEqual([digits, 'uncertain']);
    });

  test('an unsigned integer up to 2^64 keeps its digits', () => {
    expect(valueOf('18446744073709551615u')).toEqual(['18446744073709551615', 'uncertain']);
  });

  for (const field of ['NaN', '-inf', 'Infinity', '"unavailable"'])
    test(`${field} is bad, and no number`, () => {
      expect(valueOf(field)).toEqual([null, 'bad']);
    });

  const refused: readonly (readonly [string, string])[] = [
    ['', 'missing-field-value'],
    ['abc', 'invalid-field-value'],
    ['1x', 'invalid-field-value'],
    ['1.5i', 'invalid-field-value'],
    ['i', 'invalid-field-value'],
    ['tRUE', 'invalid-field-value'],
    ['0x10', 'invalid-field-value'],
    ['1_000', 'invalid-field-value'],
    ["'a'", 'invalid-field-value'],
    ['1e400', 'value-out-of-range'],
    ['9223372036854775808i', 'value-out-of-range'],
    ['18446744073709551616u', 'value-out-of-range'],
    ['-1u', 'value-out-of-range'],
    ['9'.repeat(500), 'invalid-field-value'],
  ];
  for (const [field, code] of refused)
    test(`${field.slice(0, 30) || 'nothing'} is refused: ${code}`, () => {
      expect(problemsOf(`m f=${field}`)).toEqual([[1, code]]);
    });
});

describe('Line protocol: escapes', () => {
  const escapes: readonly (readonly [string, string, Record<string, string>])[] = [
    [String.raw`wea\,ther f=1`, 'wea,ther.f', {}],
    [String.raw`wea\=ther f=1`, 'wea=ther.f', {}],
    [String.raw`wea\ ther f=1`, 'wea ther.f', {}],
    [String.raw`m,t=us\ midwest f=1`, 'm.f', { t: 'us midwest' }],
    [String.raw`m,t=a\,b\=c\ d f=1`, 'm.f', { t: 'a,b=c d' }],
    [String.raw`m,t=C:\dir f=1`, 'm.f', { t: String.raw`C:\dir` }],
    [String.raw`m,t=a\\b f=1`, 'm.f', { t: String.raw`a\\b` }],
    [String.raw`m,t="quoted" f=1`, 'm.f', { t: '"quoted"' }],
    ['m,t=grün f=1', 'm.f', { t: 'grün' }],
  ];
  for (const [line, metric, tags] of escapes)
    test(line, () => {
      const { readings, problems } = decodeLineProtocol(line);
      expect(problems).toEqual([]);
      const stripped = readings[0]?.metric.replace(/-[0-9a-f]{4}$/, '');
      expect(stripped).toBe(metric.replaceAll(/[ ,=]/g, '_'));
      expect(readings[0]?.tags ?? {}).toEqual(tags);
    });

  test('field keys, too', () => {
    expect(decodeLineProtocol(String.raw`m a\,b\=c\ d=1`).readings[0]?.metric).toMatch(/^m\.a_b_c_d-/);
  });

  test('a backslash in front of the space that ends the tags takes it along, as in InfluxDB', () => {
    expect(problemsOf('m,t=a\\ f=1')).toEqual([[1, 'invalid-tag']]);
  });
});

describe('Line protocol: precision', () => {
  const cases = {
    n: '1780000000000000999',
    ns: '1780000000000000999',
    u: '1780000000000000',
    us: '1780000000000000',
    ms: '1780000000000',
    s: '1780000000',
  } as const;
  for (const [precision, stamp] of Object.entries(cases) as [keyof typeof cases, string][])
    test(precision, () => {
      expect(timeOf(`m f=1 ${stamp}`, precision)).toBe(1_780_000_000_000_000);
    });

  test('minutes and hours', () => {
    expect(timeOf('m f=1 29666666', 'm')).toBe(1_779_999_960_000_000);
    expect(timeOf('m f=1 494444', 'h')).toBe(1_779_998_400_000_000);
  });

  for (const stamp of ['1.5', 'now', '1e9', '12345678901234567890', '--1', '1 2', '2026-01-01T00:00:00Z'])
    test(`the timestamp ${stamp} is refused`, () => {
      expect(problemsOf(`m f=1 ${stamp}`)).toEqual([[1, 'invalid-time']]);
    });

  test('what no clock of ours can hold is refused', () => {
    expect(decodeLineProtocol('m f=1 9000000000000000', { precision: 's' }).problems).toMatchObject([
      { code: 'time-out-of-range' },
    ]);
  });
});

describe('Line protocol: lines', () => {
  test('a byte order mark is none of the measurement', () => {
    const { readings, problems } = decodeLineProtocol('\uFEFFm f=1');
    expect([readings.map(({ metric }) => metric), problems]).toEqual([['m.f'], []]);
  });

  test('blank lines, comments, carriage returns and blanks around the parts', () => {
    const text = '# a comment "\r\n\n  m,t=a   f=1   5  \r\n\t# another\nm f=2';
    expect(rows(text)).toEqual([
      ['default', 'm.f', { t: 'a' }, 1, 0],
      ['default', 'm.f', {}, 2, undefined],
    ]);
  });

  test('each reading knows its line, past texts of several lines', () => {
    const { readings } = decodeLineProtocol('a f="x\ny\nz"\n\nb f=1\n');
    expect(readings.map(({ metric, row }) => [metric, row])).toEqual([
      ['a.f', 1],
      ['b.f', 5],
    ]);
  });

  test('a bad line is told with its number, code and text; the good ones are kept', () => {
    const { readings, problems } = decodeLineProtocol('a f=1\nb\nc f=2\nd f=\n\ne f=3\n');
    expect(readings.map(({ metric }) => metric)).toEqual(['a.f', 'c.f', 'e.f']);
    expect(problems).toEqual([
      { row: 2, text: 'b', code: 'missing-fields', message: 'missing fields' },
      { row: 4, text: 'd f=', code: 'missing-field-value', message: 'missing field value' },
    ]);
  });

  const bad: readonly (readonly [string, string])[] = [
    [',t=a f=1', 'missing-measurement'],
    ['m', 'missing-fields'],
    ['m ', 'missing-fields'],
    ['m,t=a', 'missing-fields'],
    ['m, f=1', 'missing-tag-key'],
    ['m,t f=1', 'missing-tag-value'],
    ['m,t= f=1', 'missing-tag-value'],
    ['m,=a f=1', 'missing-tag-key'],
    ['m,t=a=b f=1', 'invalid-tag'],
    ['m,t=a,t=b f=1', 'duplicate-tag'],
    ['m f', 'missing-field-value'],
    ['m =1', 'missing-field-key'],
    ['m f=1,', 'missing-field-key'],
    ['m f=1,,g=2', 'missing-field-key'],
    ['m f=1, g=2', 'missing-field-key'],
    ['m f="a', 'unbalanced-quotes'],
    ['m f="a"b', 'unbalanced-quotes'],
    ['{"temperature":1}', 'missing-fields'],
    [`${'m'.repeat(513)} f=1`, 'name-too-long'],
    [`m${Array.from({ length: 129 }, (_, index) => `,t${index}=a`).join('')} f=1`, 'too-many-tags'],
  ];
  for (const [line, code] of bad)
    test(`${line.slice(0, 40)} is refused: ${code}`, () => {
      expect(problemsOf(`${line}\ngood f=1`)).toEqual([[1, code]]);
      expect(decodeLineProtocol(`${line}\ngood f=1`).readings).toMatchObject([{ metric: 'good.f', row: 2 }]);
    });

  test('a missing quote does not take the lines behind it along', () => {
    const { readings, problems } = decodeLineProtocol('a f="x\nb f="y"\nc f=1\nd f="z\ne f=2');
    expect(problems.map(({ row, text }) => [row, text])).toEqual([
      [1, 'a f="x'],
      [4, 'd f="z'],
    ]);
    expect(readings.map(({ metric }) => metric)).toEqual(['b.f', 'c.f', 'e.f']);
  });

  test('lines within a quoted text are text, even where their own line is bad', () => {
    const { readings, problems } = decodeLineProtocol('a f="x\nforged f=1",g=oops 5\nb f=1');
    expect(readings.map(({ metric }) => metric)).toEqual(['b.f']);
    expect(problems).toMatchObject([{ row: 1, text: 'a f="x\nforged f=1",g=oops 5' }]);
    expect(problemsOf('a,t f="x\nforged f=1"')).toEqual([[1, 'missing-tag-value']]);
  });

  test('quotes mean nothing in tags', () => {
    expect(problemsOf('a,,t="x b=1\nc f="y"')).toEqual([[1, 'missing-tag-key']]);
  });

  test('reading stops once there is more than was asked for', () => {
    const { readings, problems } = decodeLineProtocol('a f=1\nb\n'.repeat(100), { most: 10 });
    expect(readings.length + problems.length).toBe(11);
    expect(problemsOf(`m ${Array.from({ length: 50_001 }, () => 'f=1').join(',')}`)).toEqual([
      [1, 'too-many-fields'],
    ]);
  });

  const hostile = {
    'open quotes': 'm f="a\n',
    'quotes with garbage': 'm f="a"b"\n',
    backslashes: '\\',
    'escaped quotes': 'm f="\\"\n',
    commas: 'm,',
    'one name': 'x',
    blanks: ' ',
    comments: '#\n',
  };
  for (const [name, unit] of Object.entries(hostile))
    test(`300 kB of ${name} takes time in proportion`, () => {
      const text = unit.repeat(Math.floor(300_000 / unit.length));
      const startedAt = performance.now();
      decodeLineProtocol(text, { most: Infinity });
      expect(performance.now() - startedAt).toBeLessThan(1500);
    });
});

const samples = join(import.meta.dirname, '../../../../../shared/payloads/influx_line_protocol.json');
describe.skipIf(!existsSync(samples))('Line protocol: samples of its documentation', () => {
  const all = existsSync(samples)
    ? (JSON.parse(readFileSync(samples, 'utf8')) as { payload: string; notes: string }[])
    : [];
  for (const { payload, notes } of all)
    test(notes.split(';')[0] ?? '', () => {
      const precision = / \d{10}$/.test(payload) ? 's' : 'ns';
      const { readings, problems } = decodeLineProtocol(payload, { precision });
      expect(problems).toEqual([]);
      expect(readings.length).toBe(
        payload
          .replaceAll(/\\./g, '')
          .split('\n')
          .flatMap((line) => line.split(' ')[1]?.split(',')).length,
      );
      for (const { quality, timeUs = 1.4e15 } of readings) {
        expect(quality).toBe('good');
        expect(timeUs).toBeGreaterThan(1.3e15);
      }
    });
});

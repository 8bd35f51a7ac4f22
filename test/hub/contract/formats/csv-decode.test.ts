import { describe, expect, test } from 'vitest';
import { decodeCsv } from '#contract/formats/csv-decode.ts';
import { toCsv } from '#contract/formats/csv.ts';

const header = 'device,metric,tags,time,value,quality\r\n';
const at = 1_780_000_000_000_000;
const values = (text: string) => decodeCsv(header + text).readings.map(({ value }) => value);

describe('RFC 4180', () => {
  test('cells in quotes hold commas, quotes and line ends; rows count lines of the file', () => {
    const { readings } = decodeCsv(
      `${header}a,m,,1780000000000,"x,""y""\nz",good\r\na,m,,1780000000001,2,good`,
    );
    expect(readings.map(({ value, row }) => [value, row])).toEqual([
      ['x,"y"\nz', 2],
      [2, 4],
    ]);
  });

  test('line ends may be \\n alone, and empty lines are nothing', () => {
    expect(decodeCsv('time,value,metric,device\n\n1780000000000,5,m,a\n\n').readings).toEqual([
      { device: 'a', metric: 'm', tags: undefined, timeUs: at, value: 5, quality: undefined, row: 3 },
    ]);
  });
});

test('semicolons between the cells go with a comma in the numbers', () => {
  const { readings, problems } = decodeCsv(
    '\uFEFFdevice;metric;time;value\r\na;m;2026-06-01T12:00:00Z;1,5\r\na;m;1780000000000;"1,5;2"\r\na;m;1780000000000;-2\r\n',
  );
  expect([readings.map(({ value }) => value), problems]).toEqual([[1.5, '1,5;2', -2], []]);
  expect(values('a,m,,1780000000000,1;5,')).toEqual(['1;5']);
});

describe('A reading', () => {
  test('is a number, a switch, nothing, or a text: what is in quotes always', () => {
    expect(values('a,m,,1780000000000,-1.5e3,\na,m,,1780000000000,true,\na,m,,1780000000000,,bad\n')).toEqual(
      [-1500, true, null],
    );
    expect(values('a,m,,1780000000000,"5",\na,m,,1780000000000,on,\na,m,,1780000000000,\'=1+1,\n')).toEqual([
      '5',
      'on',
      '=1+1',
    ]);
  });

  for (const value of ['5', 'true', '1e3', '=cmd()', '+1', 'a,"b"', 'two\nlines', '-'])
    test(`${JSON.stringify(value)} comes back from an export as the text that it was`, () => {
      expect(values(toCsv([['a', 'm', '', '2026-05-28T20:26:40.000001Z', value, 'good']]))).toEqual([value]);
    });

  test('has its tags, its quality, and a time with microseconds', () => {
    const row = 'host,cpu.idle,"cpu=cpu%2C0,path=%2Fa",2026-05-28T20:26:40.000001Z,1,stale\n';
    expect(decodeCsv(header + row).readings).toEqual([
      {
        device: 'host',
        metric: 'cpu.idle',
        tags: { cpu: 'cpu,0', path: '/a' },
        timeUs: at + 1,
        value: 1,
        quality: 'stale',
        row: 2,
      },
    ]);
  });
});

describe('What cannot be read', () => {
  test('is named by its line, and the others are kept', () => {
    const rows = [
      'a,m,,yesterday,1,',
      ',m,,1780000000000,1,',
      'a,m,,1780000000000,1,fine',
      'a,m,,1780000000000,1,',
    ];
    const { readings, problems } = decodeCsv(header + rows.join('\n'));
    expect(problems.map(({ row, code }) => [row, code])).toEqual([
      [2, 'invalid-time'],
      [3, 'no-name'],
      [4, 'invalid-quality'],
    ]);
    expect(readings).toHaveLength(1);
  });

  test('a file without the columns is one error', () => {
    for (const text of ['', 'a,b,c\n1,2,3\n'])
      expect(() => decodeCsv(text)).toThrow(expect.objectContaining({ code: 'no-header' }));
  });
});

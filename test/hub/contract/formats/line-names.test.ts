import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptNameChars, LineNames } from '#contract/formats/line-names.ts';
import { decodeLineProtocol } from '#contract/formats/line-protocol.ts';

describe('Names that were read before', () => {
  test('lines that begin alike share their tags and their names, from text to text', () => {
    const names = new LineNames();
    const [first, second] = ['1', '2'].map(
      (value) => decodeLineProtocol(`cpu,host=a,cpu=cpu0 user=${value},idle=3`, { names }).readings,
    );
    expect(second).toMatchObject([
      { device: 'a', metric: 'cpu.user', value: 2 },
      { device: 'a', metric: 'cpu.idle', value: 3 },
    ]);
    expect(second?.[0]?.tags).toBe(first?.[1]?.tags);
    expect(second?.[0]?.line).toBe(first?.[0]?.line);
  });

  test('fields in another order, fewer or more of them are still who they are', () => {
    const names = new LineNames();
    const metricsOf = (fields: string): readonly unknown[] =>
      decodeLineProtocol(`m ${fields}`, { names }).readings.map(({ metric, value }) => [metric, value]);
    metricsOf('a=1,b=2,ab=3');
    expect(metricsOf('b=1,ab=2,a=3')).toEqual([
      ['m.b', 1],
      ['m.ab', 2],
      ['m.a', 3],
    ]);
    expect(metricsOf('a=1,c=2')).toEqual([
      ['m.a', 1],
      ['m.c', 2],
    ]);
  });

  test('a line without a device tag is of whoever sends it now', () => {
    const names = new LineNames();
    const deviceOf = (defaultDevice: string): unknown =>
      decodeLineProtocol('m f=1', { names, defaultDevice }).readings[0]?.device;
    expect([deviceOf('one'), deviceOf('other')]).toEqual(['one', 'other']);
  });

  test('whatever came before, a text is read as if it were the first', () => {
    const char = fc.constantFrom('a', 'b', '\\', ',', '=', ' ', '\n', '\r', '\t', '"', '#', '1');
    const tail = fc.array(char, { maxLength: 12 }).map((chars) => chars.join(''));
    const piece = fc.constantFrom('m f=1', 'm,a=b f=1', 'm,a=b\\ c f=1', 'm\\\\ f=1', 'm f\\ g=1', 'm,a=b ');
    const text = fc.array(fc.oneof(piece, tail), { maxLength: 6 }).map((pieces) => pieces.join(''));
    const names = new LineNames();
    fc.assert(
      fc.property(text, (line) => {
        expect(decodeLineProtocol(line, { names })).toEqual(decodeLineProtocol(line));
      }),
      { numRuns: 2000 },
    );
  });

  test('beginnings without end leave a bounded number behind', () => {
    const names = new LineNames();
    const text = Array.from({ length: 25_000 }, (_, host) => `m,host=h${host} f=1`).join('\n');
    decodeLineProtocol(text, { names });
    const kept = Array.from({ length: 25_000 }, (_, host) => names.find(`m,host=h${host}`));
    expect(kept.filter((head) => head !== undefined).length).toBeLessThan(20_000);
    expect(kept.at(-1)).toBeDefined();
  });

  test('nor do fields without end, of beginnings that are known', () => {
    const names = new LineNames();
    const heads = Array.from({ length: 200 }, (_, host) => `m,host=h${host}`);
    const linesOf = (fields: readonly number[]): string =>
      heads.map((head) => `${head} ${fields.map((field) => `f${field}=1`).join(',')}`).join('\n');
    for (let from = 0; from < 120; from += 10)
      decodeLineProtocol(linesOf(Array.from({ length: 10 }, (_, place) => from + place)), { names });
    const kept = heads.map((head) => names.find(head)?.fields.size ?? 0);
    expect(kept.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(20_000);
  });

  test('a very long beginning, or field key, is read each time', () => {
    const names = new LineNames();
    const long = `m,a=${'x'.repeat(300)},b=${'y'.repeat(300)}`;
    expect(long.length).toBeGreaterThan(keptNameChars);
    expect(decodeLineProtocol(`${long} f=1`, { names }).readings).toHaveLength(1);
    expect(names.find(long)).toBeUndefined();
    decodeLineProtocol(`m f=1,${'k'.repeat(keptNameChars + 1)}=2`, { names });
    expect(names.find('m')?.order).toHaveLength(1);
  });
});

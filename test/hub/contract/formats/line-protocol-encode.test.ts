import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLine, encodeSeries } from '#contract/formats/line-protocol-encode.ts';
import { LineNames } from '#contract/formats/line-names.ts';
import { LineReader, type Line } from '#contract/formats/line-reader.ts';

function isPlain(text: string): boolean {
  return !/^#|\\(?=[,= ]|$)/.test(text);
}

function isPlainTag(text: string): boolean {
  return !text.endsWith('\\');
}

function read(text: string): Line {
  const reader = new LineReader(text, 100, new LineNames());
  expect(reader.toNextLine()).toBe(true);
  return reader.readLine();
}

describe('Line protocol, written', () => {
  test('tags in order, numbers as floats, texts in quotes, time in microseconds', () => {
    const fields = { usage: 82, idle: 0.25, on: true, state: 'too "warm" \\', big: 1e21 };
    expect(
      encodeLine({
        measurement: 'plant',
        tags: { device: 'pump', a: 'b' },
        fields,
        timeUs: 1_780_000_000_000_000,
      }),
    ).toBe(
      String.raw`plant,a=b,device=pump usage=82,idle=0.25,on=true,state="too \"warm\" \\",big=1e+21 1780000000000000`,
    );
  });

  test('commas and blanks are escaped in every name, = in keys and tag values', () => {
    expect(encodeSeries('my plant,x=y', { 'a b': 'c,d=e f' })).toBe(
      String.raw`my\ plant\,x=y,a\ b=c\,d\=e\ f`,
    );
  });

  test('a tag without a value is left out', () => {
    expect(encodeSeries('m', { a: '', b: 'c' })).toBe('m,b=c');
  });

  test('what is no number has no form; a line of nothing else is none', () => {
    expect(encodeLine({ measurement: 'm', fields: { a: Number.NaN, b: 1 }, timeUs: 5 })).toBe('m b=1 5');
    expect(encodeLine({ measurement: 'm', fields: { a: Infinity }, timeUs: 5 })).toBeUndefined();
  });

  test('a name that ends in a backslash does not escape what follows', () => {
    const line = encodeLine({ measurement: 'm\\', tags: { 't\\': 'C:\\' }, fields: { 'f\\': 1 }, timeUs: 5 });
    expect(line).toBe('m/,t\\\\ =C:\\\\  f/=1 5');
    expect(read(line ?? '')).toMatchObject({
      head: { measurement: 'm/', named: { 't\\ ': 'C:\\ ' } },
      timestamp: '5',
    });
  });

  test('nor does a backslash inside a measurement or a field key meet an escape', () => {
    const line = encodeLine({
      measurement: 'a\\,b',
      tags: { 'a\\,b': 'x' },
      fields: { 'a\\b\\ c': 1 },
      timeUs: 5,
    });
    expect(line).toBe(String.raw`a/\,b,a\\,b=x a\b/\ c=1 5`);
  });

  test('no name makes a comment, a second line or nothing', () => {
    expect(encodeSeries('#m', { t: 'a\nb' })).toBe(String.raw`_#m,t=a\nb`);
    expect(encodeLine({ measurement: '', fields: { '': 1 }, timeUs: 5 })).toBe('_ _=1 5');
  });

  const name = fc.string({
    minLength: 1,
    unit: fc.constantFrom('a', 'é', '\\', ',', '=', ' ', '"', '#', 'n'),
  });
  const plain = name.filter(isPlain);
  const plainTag = name.filter(isPlainTag);
  // Read, it is no text but a missing value.
  const text = name.filter((each) => each !== 'nan');

  test('whatever has a form comes back as it was', () => {
    const point = fc.record({
      measurement: plain,
      tags: fc.dictionary(plainTag, plainTag, { maxKeys: 3 }),
      fields: fc.dictionary(
        plain,
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), text),
        { minKeys: 1, maxKeys: 3 },
      ),
      timeUs: fc.integer(),
    });
    fc.assert(
      fc.property(point, (written) => {
        const { head, fields, timestamp } = read(encodeLine(written) ?? '');
        expect(head.measurement).toBe(written.measurement);
        expect(Object.entries(head.named)).toEqual(expect.arrayContaining(Object.entries(written.tags)));
        expect(Object.keys(head.named)).toHaveLength(Object.keys(written.tags).length);
        expect(fields.map((field) => [field.name.line.field, field.scalar.value])).toEqual(
          Object.entries(written.fields).map(([key, value]) => [key, value === 0 ? 0 : value]),
        );
        expect(timestamp).toBe(String(written.timeUs));
      }),
    );
  });

  test('whatever has none still makes exactly one line', () => {
    const any = fc.string({ unit: fc.constantFrom('a', '\\', ',', '=', ' ', '\n', '\r', '#', '"') });
    fc.assert(
      fc.property(any, any, any, any, (measurement, key, tag, field) => {
        const line = encodeLine({
          measurement,
          tags: { [key]: tag },
          fields: { [field]: 1, text: 'x' },
          timeUs: 5,
        });
        expect(line).not.toMatch(/[\n\r]/);
        expect(read(line ?? '').timestamp).toBe('5');
      }),
    );
  });
});

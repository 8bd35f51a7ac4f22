import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseJson } from '#contract/formats/json.ts';
import { decodeSenml, isSenmlPack } from '#contract/formats/senml.ts';

const absolute = 1_780_000_000;

describe('RFC 8428 §4.6, resolving records', () => {
  test('base values hold until they are replaced', () => {
    const pack = [
      { bn: 'urn:dev:a:', bt: absolute, bu: 'A', n: 'voltage', u: 'V', v: 120.1 },
      { n: 'current', t: -5, v: 1.2 },
      { bn: 'urn:dev:b/', bt: absolute + 1, n: 'current', v: 1.3 },
    ];
    expect(decodeSenml(pack).readings).toEqual([
      { device: 'urn:dev:a', metric: 'voltage', timeUs: absolute * 1e6, value: 120.1, unit: 'V' },
      { device: 'urn:dev:a', metric: 'current', timeUs: (absolute - 5) * 1e6, value: 1.2, unit: 'A' },
      { device: 'urn:dev:b', metric: 'current', timeUs: (absolute + 1) * 1e6, value: 1.3, unit: 'A' },
    ]);
  });

  test('a base value and a base sum are added, and count alone too', () => {
    const pack = [
      { bn: 'm', bv: 20, bs: 100, n: 'x', v: 1, s: 5 },
      { n: 'y' },
      { n: 'z', bs: 7, vs: 'text' },
    ];
    const got = decodeSenml(pack).readings.map(({ metric, value }) => [metric, value]);
    expect(got).toEqual([
      ['x', 21],
      ['x.sum', 105],
      ['y', 20],
      ['y.sum', 100],
      ['z', 'text'],
      ['z.sum', 7],
    ]);
  });

  test('texts, booleans and data are values as well', () => {
    const pack = [
      { n: 'a', vs: 'Machine Room' },
      { n: 'b', vb: false },
      { n: 'c', vd: 'aGkgCg' },
    ];
    expect(decodeSenml(pack).readings.map(({ value }) => value)).toEqual(['Machine Room', false, 'aGkgCg']);
  });

  test('a record of base fields alone measures nothing and is no problem', () => {
    expect(
      decodeSenml([
        { bn: 'a', bv: 1 },
        { n: 't', v: 1 },
      ]),
    ).toMatchObject({
      readings: [{ device: 'a', metric: 't', value: 2 }],
      problems: [],
    });
  });

  test('nameless values of one instant keep apart by what their units measure', () => {
    const pack = [
      { bn: 'a', bt: absolute, u: 'lon', v: 24.3 },
      { u: 'lat', v: 60.1 },
      { u: '%RH', v: 20 },
      { v: 1 },
    ];
    expect(decodeSenml(pack).readings.map(({ metric }) => metric)).toEqual([
      'longitude',
      'latitude',
      'humidity',
      'value',
    ]);
  });

  test('slashes in a name are levels of the metric', () => {
    expect(decodeSenml([{ n: '3303/0/5700', v: 1 }]).readings[0]?.metric).toBe('3303.0.5700');
  });

  test('integers beyond 2^53 stay text and are uncertain', () => {
    const pack = parseJson('[{"n":"energy","v":9007199254740993}]');
    expect(decodeSenml(pack).readings).toEqual([
      { metric: 'energy', value: '9007199254740993', quality: 'uncertain' },
    ]);
  });
});

describe('RFC 8428 §4.5.3, time', () => {
  test('no time and time 0 are now: the hub stamps them', () => {
    expect(
      decodeSenml(
        [
          { n: 'a', v: 1 },
          { n: 'a', t: 0, v: 1 },
        ],
        5,
      ).readings,
    ).toEqual([
      { metric: 'a', value: 1 },
      { metric: 'a', value: 1 },
    ]);
  });

  test('below 2^28 a time is relative to arrival', () => {
    const receivedAtUs = absolute * 1e6;
    expect(decodeSenml([{ n: 'a', t: -5, v: 1 }], receivedAtUs).readings[0]?.timeUs).toBe(receivedAtUs - 5e6);
    expect(decodeSenml([{ n: 'a', t: 2 ** 28, v: 1 }], receivedAtUs).readings[0]?.timeUs).toBe(2 ** 28 * 1e6);
  });

  test('a relative time without a known arrival is uncertain, not lost', () => {
    expect(decodeSenml([{ n: 'a', t: -5, v: 1 }]).readings).toEqual([
      { metric: 'a', value: 1, quality: 'uncertain' },
    ]);
  });
});

describe('what is refused', () => {
  for (const payload of [{}, [], 'x', null])
    test(`${JSON.stringify(payload)} is no pack`, () =>
      expect(() => decodeSenml(payload)).toThrow(expect.objectContaining({ code: 'not-senml' })));

  test('§4.4: a field that must be understood and is not refuses the pack', () =>
    expect(() => decodeSenml([{ n: 'a', v: 1, geo_: 1 }])).toThrow(
      expect.objectContaining({ code: 'must-understand' }),
    ));

  test('§4.3: a newer version refuses the pack', () =>
    expect(() => decodeSenml([{ bver: 11, n: 'a', v: 1 }])).toThrow(
      expect.objectContaining({ code: 'senml-version' }),
    ));

  const wrong: readonly [unknown, string, string][] = [
    [{ n: 'a' }, '/1', 'no-value'],
    [{ n: 'a', v: '1' }, '/1/v', 'wrong-type'],
    [{ n: 'a', v: null }, '/1/v', 'wrong-type'],
    [{ n: 1, v: 1 }, '/1/n', 'wrong-type'],
    [{ n: 'a', vb: 1 }, '/1/vb', 'wrong-type'],
    [7, '/1', 'not-a-record'],
  ];
  for (const [record, path, code] of wrong)
    test(`${JSON.stringify(record)} is a problem of its own (${code})`, () => {
      const decoded = decodeSenml([{ n: 'ok', v: 1 }, record]);
      expect(decoded.readings).toHaveLength(1);
      expect(decoded.problems).toEqual([expect.objectContaining({ path, code })]);
    });
});

test('a pack is told from an array of our own objects by its first record', () => {
  expect(isSenmlPack([{ bn: 'x' }])).toBe(true);
  expect(isSenmlPack([{ n: 'x', v: 1 }])).toBe(true);
  expect(isSenmlPack([{ n: 1, v: 1 }])).toBe(false);
  expect(isSenmlPack([{ temperature: 1 }])).toBe(false);
  expect(isSenmlPack({ n: 'x', v: 1 })).toBe(false);
});

const samples = new URL('../../../../../shared/payloads/senml.json', import.meta.url);

describe.skipIf(!existsSync(samples))('the examples of RFC 8428', () => {
  interface Sample {
    readonly payload: string;
    readonly encoding: string;
    readonly notes: string;
    readonly resolved?: readonly Readonly<Record<string, unknown>>[] | null;
  }
  const all = existsSync(samples) ? (JSON.parse(readFileSync(samples, 'utf8')) as readonly Sample[]) : [];
  for (const sample of all.filter(
    ({ encoding, resolved }) => encoding === 'utf8' && (resolved ?? []).length > 0,
  )) {
    test(`resolves as the RFC says: ${sample.notes.split(';')[0]}`, () => {
      const { readings, problems } = decodeSenml(parseJson(sample.payload));
      const values = (sample.resolved ?? []).flatMap((record) =>
        ['v', 'vs', 'vb', 'vd', 's'].filter((field) => field in record).map((field) => record[field]),
      );
      expect(problems).toEqual([]);
      expect(readings.map(({ value }) => value)).toEqual(expect.arrayContaining(values));
      for (const [index, { timeUs }] of readings.entries()) {
        if (timeUs !== undefined)
          expect(timeUs / 1e6).toBeCloseTo(sample.resolved?.[index]?.['t'] as number, 5);
      }
    });
  }
});

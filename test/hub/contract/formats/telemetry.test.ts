import { describe, expect, test } from 'vitest';
import { decodeTelemetry } from '#contract/formats/telemetry.ts';

const ts = 1_780_000_000_000;
const timeUs = ts * 1000;
const good = 'good';

describe('our own telemetry', () => {
  test('an object is one reading per scalar, nested keys joined by a dot', () => {
    expect(decodeTelemetry({ temperature: 21.5, power: { a: 3, b: [true, 'x'] } })).toEqual({
      readings: [
        { metric: 'temperature', value: 21.5, quality: good },
        { metric: 'power.a', value: 3, quality: good },
        { metric: 'power.b.0', value: true, quality: good },
        { metric: 'power.b.1', value: 'x', quality: good },
      ],
      problems: [],
    });
  });

  test('`{ts, values}` carries the time of the device and its tags', () => {
    expect(decodeTelemetry({ ts, values: { load: 1 }, tags: { cpu: '0' } }).readings).toEqual([
      { metric: 'load', value: 1, quality: good, timeUs, tags: { cpu: '0' } },
    ]);
  });

  test('`ts` beside the metrics is the time, too; `id` and `device` are not metrics', () => {
    expect(
      decodeTelemetry({ ts: '2026-05-28T20:26:40Z', id: 'a1', device: 'pump 7', flow: 2 }).readings,
    ).toEqual([
      {
        metric: 'flow',
        value: 2,
        quality: good,
        timeUs,
        id: 'a1',
        device: expect.stringMatching(/^pump_7-/),
      },
    ]);
  });

  test('an array keeps the order of its objects', () => {
    const decoded = decodeTelemetry([{ ts, values: { a: 1 } }, { a: 2 }, { ts: ts + 1, values: { a: 3 } }]);
    expect(decoded.readings.map(({ value, timeUs: at }) => [value, at])).toEqual([
      [1, timeUs],
      [2, undefined],
      [3, timeUs + 1000],
    ]);
  });

  test('several readings under one id get ids of their own', () => {
    const ids = decodeTelemetry({ id: 'x', values: { a: 1, b: 2 } }).readings.map(({ id }) => id);
    expect(ids).toEqual(['x/a', 'x/b']);
  });

  test('a numeric id is a metric: a constant one would make all later readings repeats', () => {
    expect(decodeTelemetry({ id: 7, a: 1 }).readings.map(({ metric, id }) => [metric, id])).toEqual([
      ['id', undefined],
      ['a', undefined],
    ]);
  });

  test('a SenML pack is told apart and resolved', () => {
    expect(decodeTelemetry([{ bn: 'd:', n: 't', v: 1, t: -1 }], timeUs).readings).toEqual([
      { device: 'd', metric: 't', value: 1, timeUs: timeUs - 1_000_000 },
    ]);
  });

  test('null, nan and unavailable are bad readings; a zero and an empty text are good ones', () => {
    const { readings } = decodeTelemetry({ a: null, b: 'NaN', c: 'unavailable', d: 0, e: '' });
    expect(readings.map(({ value, quality }) => [value, quality])).toEqual([
      [null, 'bad'],
      [null, 'bad'],
      [null, 'bad'],
      [0, good],
      ['', good],
    ]);
  });

  test('names are made ids, and keys of the object prototype are only names', () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2,"Temp °C":3}') as unknown;
    for (const { metric } of decodeTelemetry(hostile).readings)
      expect(metric).toMatch(/^[A-Za-z0-9][\w.:-]*-[0-9a-f]{4}$/);
    expect(decodeTelemetry(hostile).readings).toHaveLength(3);
  });
});

describe('what is no reading is told with its place', () => {
  const cases: readonly [unknown, string, string][] = [
    [{}, '', 'empty'],
    [[], '', 'empty'],
    [{ ts }, '', 'empty'],
    [{ a: {} }, '', 'empty'],
    [{ ts: 'yesterday', a: 1 }, '/ts', 'invalid-time'],
    [[{ a: 1 }, { ts: '2026-01-01T00:00:00', values: { a: 1 } }], '/1/ts', 'invalid-time'],
    [{ values: { a: 1 }, tags: { cpu: 0 } }, '/tags', 'invalid-tags'],
    [{ values: { a: 1 }, tags: [] }, '/tags', 'invalid-tags'],
    [[{ a: 1 }, 5], '/1', 'not-an-object'],
    [{ a: 1, raw: new Uint8Array(2) }, '/raw', 'unsupported-value'],
  ];
  for (const [payload, path, code] of cases)
    test(`${JSON.stringify(payload)}: ${code} at "${path}"`, () => {
      expect(decodeTelemetry(payload).problems).toEqual([expect.objectContaining({ path, code })]);
    });

  for (const payload of [5, 'x', null, true, undefined])
    test(`${String(payload)} as a whole is no telemetry`, () => {
      expect(() => decodeTelemetry(payload)).toThrow(
        expect.objectContaining({ name: 'FormatError', code: 'not-telemetry' }),
      );
    });
});

import { describe, expect, test } from 'vitest';
import { decodeNdjson } from '#contract/formats/ndjson.ts';

describe('Telemetry, one JSON value a line', () => {
  test('each line is telemetry of its own; blank ones and the last newline count for nothing', () => {
    const { readings, problems } = decodeNdjson(
      '{"a":1}\r\n\n{"ts":1780000000000,"values":{"b":2},"id":"x"}\n[{"c":3}]\n',
    );
    expect(problems).toEqual([]);
    expect(readings).toEqual([
      { metric: 'a', value: 1, quality: 'good' },
      { metric: 'b', value: 2, quality: 'good', timeUs: 1_780_000_000_000_000, id: 'x' },
      { metric: 'c', value: 3, quality: 'good' },
    ]);
  });

  test('a line that is none is told with its place; the others are kept', () => {
    const { readings, problems } = decodeNdjson('{"a":1}\n{"b":\n5\n[{"c":3},6]\n{"d":4}');
    expect(readings.map(({ metric }) => metric)).toEqual(['a', 'c', 'd']);
    expect(problems.map(({ path, code }) => [path, code])).toEqual([
      ['/1', 'invalid-json'],
      ['/2', 'not-telemetry'],
      ['/3/1', 'not-an-object'],
    ]);
    expect(problems[0]?.message).toMatch(/^Line 2: /);
  });

  test('integers beyond 2^53 keep their digits', () => {
    expect(decodeNdjson('{"n":12345678901234567890}').readings).toMatchObject([
      { value: '12345678901234567890', quality: 'uncertain' },
    ]);
  });

  test('a SenML pack on one line is a pack; its relative times count from the arrival', () => {
    const { readings } = decodeNdjson('[{"n":"t","v":1,"t":-1}]', 5_000_000_000_000_000);
    expect(readings).toMatchObject([{ metric: 't', timeUs: 4_999_999_999_000_000 }]);
  });

  test('reading stops once there is more than was asked for', () => {
    const { readings, problems } = decodeNdjson('{"a":1}\nx\n'.repeat(100), undefined, 10);
    expect(readings.length + problems.length).toBe(11);
  });
});

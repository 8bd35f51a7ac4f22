import { describe, expect, test } from 'vitest';
import { bytesOf, devicesOf, packReadings, type TracedReading } from '#contract/traced-readings.ts';

const many = (make: (row: number) => Partial<TracedReading>): readonly TracedReading[] =>
  Array.from({ length: 100 }, (_, row) => ({
    group: 'g',
    device: 'd',
    metric: 'm',
    value: row,
    ...make(row),
  }));

const namesOf = (readings: readonly TracedReading[]): readonly string[] =>
  Array.from(devicesOf(packReadings(readings)), ({ group, device }) => `${group}/${device}`);

describe('Many readings in columns', () => {
  test('come back as they were, however much they differ', () => {
    const readings = many((row) => ({
      device: `d${row}`,
      metric: row % 2 === 0 ? 'a' : 'b',
      value: [row, 'text', true, null][row % 4] ?? null,
      quality: row % 4 === 3 ? 'bad' : undefined,
      timeUs: row % 5 === 0 ? undefined : 1e15 + row,
    }));
    expect([...packReadings(readings)]).toEqual(readings);
  });

  test('come back as they were, if they are all the same', () => {
    const readings = many(() => ({ value: 1, quality: undefined, timeUs: undefined }));
    expect([...packReadings(readings)]).toEqual(readings);
  });

  test('take a part of the memory, and are packed once', () => {
    const readings = many(() => ({}));
    const packed = packReadings(readings);
    expect(packed).toHaveLength(100);
    expect(bytesOf(packed)).toBeLessThan(bytesOf(readings) / 3);
    expect(packReadings(packed)).toBe(packed);
  });

  test('say whose they are', () => {
    expect(namesOf(many(() => ({})))).toEqual(['g/d']);
    expect(new Set(namesOf(many((row) => ({ device: row < 50 ? 'a' : 'b' }))))).toEqual(
      new Set(['g/a', 'g/b']),
    );
    expect(namesOf(many(() => ({})).slice(0, 1))).toEqual(['g/d']);
  });

  test('a few stay as they are', () => {
    const readings = many(() => ({})).slice(0, 3);
    expect(packReadings(readings)).toBe(readings);
  });
});

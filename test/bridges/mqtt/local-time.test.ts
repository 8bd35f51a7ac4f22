import { describe, expect, test } from 'vitest';
import { LocalTime } from '../../../bridges/mqtt/local-time.ts';

const instant = (zone: string | undefined, text: string): string | undefined => {
  const parsed = new LocalTime(zone).parse(text);
  return parsed === undefined ? undefined : new Date(parsed.timeUs / 1000).toISOString();
};

describe('the clock time of a device without a zone', () => {
  test('is UTC and only a guess when no zone is configured', () => {
    expect(new LocalTime(undefined).parse('2026-01-02T03:04:05')).toEqual({
      timeUs: Date.parse('2026-01-02T03:04:05Z') * 1000,
      isCertain: false,
    });
  });

  test('is in the configured zone, winter and summer', () => {
    expect(instant('Europe/Berlin', '2026-01-15T12:00:00')).toBe('2026-01-15T11:00:00.000Z');
    expect(instant('Europe/Berlin', '2026-07-15 12:00:00')).toBe('2026-07-15T10:00:00.000Z');
    expect(instant('America/St_Johns', '2026-01-15T12:00:00')).toBe('2026-01-15T15:30:00.000Z');
  });

  test('is right on both sides of a change of the clocks', () => {
    expect(instant('Europe/Berlin', '2026-03-29T01:59:59')).toBe('2026-03-29T00:59:59.000Z');
    expect(instant('Europe/Berlin', '2026-03-29T03:00:00')).toBe('2026-03-29T01:00:00.000Z');
  });

  test('keeps its fraction', () => {
    expect(new LocalTime('UTC').parse('2026-01-02 03:04:05.25')).toEqual({
      timeUs: Date.parse('2026-01-02T03:04:05.25Z') * 1000,
      isCertain: true,
    });
  });

  for (const text of [
    '2026-02-30T00:00:00',
    '2026-13-01T00:00:00',
    '2026-01-01T24:00:00',
    '2026-01-01T00:00:00Z',
    'now',
    7,
  ])
    test(`${text} is none`, () => expect(new LocalTime(undefined).parse(text)).toBeUndefined());

  test('a zone that does not exist is an error at the start', () => {
    expect(() => new LocalTime('Mars/Olympus')).toThrow(RangeError);
  });
});

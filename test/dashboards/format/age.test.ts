import { expect, test } from 'vitest';
import { formatAge, formatSpan, spanOf } from '../../../dashboards/format/age.ts';

test('an age is told in the largest unit that fits', () => {
  expect(formatAge(14 * 60_000, 'en')).toBe('14 min. ago');
  expect(formatAge(3 * 86_400_000, 'en')).toBe('3 days ago');
  expect(formatAge(14 * 60_000, 'zh-CN')).toBe('14分钟前');
  expect(formatAge(1000, 'en')).toBe('now');
});

test('below a minute an age moves in steps of five seconds, so that lists keep still', () => {
  expect([4999, 5000, 9999, 59_999].map((ms) => spanOf(ms))).toEqual([
    { count: 0, unit: 'second' },
    { count: 5, unit: 'second' },
    { count: 5, unit: 'second' },
    { count: 55, unit: 'second' },
  ]);
});

test('a clock that is behind does not make an age negative', () => {
  expect(spanOf(-5000)).toEqual({ count: 0, unit: 'second' });
});

test('a span names how long something lasts', () => {
  expect(formatSpan(3 * 86_400_000, 'en')).toBe('3 days');
});

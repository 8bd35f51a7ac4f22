import { expect, test } from 'vitest';
import { spanOf, TimeFormatter } from '../../../dashboards/format/times.ts';

const english = new TimeFormatter({ locale: 'en' });

test('an age is told in the largest unit that fits', () => {
  expect(english.age(14 * 60_000)).toBe('14 min. ago');
  expect(english.age(3 * 86_400_000)).toBe('3 days ago');
  expect(new TimeFormatter({ locale: 'zh-CN' }).age(14 * 60_000)).toBe('14分钟前');
  expect(english.age(1000)).toBe('now');
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
  expect(english.span(3 * 86_400_000)).toBe('3 days');
});

test('an instant is told in the zone that was chosen', () => {
  const noon = Date.UTC(2026, 5, 1, 12, 0, 7);
  const shanghai = new TimeFormatter({ locale: 'en-GB', zone: 'Asia/Shanghai' });
  expect([shanghai.exact(noon), shanghai.inYear(noon), shanghai.clock(noon)]).toEqual([
    '1 Jun 2026, 20:00:07',
    '1 Jun, 20:00:07',
    '20:00:07',
  ]);
});

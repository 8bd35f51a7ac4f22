import { describe, expect, test } from 'vitest';
import { Language } from '../../../dashboards/state/language.ts';

describe('The language of the page', () => {
  test('the reader’s region decides on separators and dates, the catalogue on words', () => {
    const british = new Language('en', ['de-DE', 'en-GB']);
    expect(british.region.value).toBe('en-GB');
    expect(british.time(Date.UTC(2026, 5, 1, 12))).toContain('1 Jun 2026');
    expect(new Language('en', ['de-DE']).region.value).toBe('en');
  });

  test('times have 24 hours everywhere', () => {
    const afternoon = new Date(2026, 5, 1, 22, 5, 3).getTime();
    expect(new Language('en', ['en-US']).clock(afternoon)).toBe('22:05:03');
  });

  test('changing it changes words and values at once', () => {
    const language = new Language('en');
    expect([language.t('value.on'), language.values.value(true).text]).toEqual(['on', 'on']);
    language.locale.value = 'zh-CN';
    expect([language.t('value.on'), language.values.value(true).text]).toEqual(['开', '开']);
  });

  test('what the hub says in fixed words is said in the language of the page, numbers and codes as they are', () => {
    const language = new Language('zh-CN');
    expect([
      language.said('ping timeout'),
      language.said('of a device'),
      language.reason('unmapped', 'A command to evcc.'),
      language.outcome('failed no-answer'),
      language.outcome('12 taken, 3 left'),
    ]).toEqual(['心跳超时', 'of a device', '发给 evcc 的命令。', '失败 no-answer', '12 条已接收， 3 条留下']);
    expect(new Language('en').outcome('refused 403')).toBe('refused 403');
  });

  test('another time zone changes every time at once', () => {
    const language = new Language('en', ['en-GB'], 'UTC');
    const noon = Date.UTC(2026, 5, 1, 12);
    expect(language.clock(noon)).toBe('12:00:00');
    language.zone.value = 'Asia/Shanghai';
    expect(language.clock(noon)).toBe('20:00:00');
  });

  test('counts in the plural of the language', () => {
    const language = new Language('en');
    expect([language.count('overview.devices', 1), language.count('overview.devices', 1200)]).toEqual([
      '1 device',
      '1,200 devices',
    ]);
  });
});

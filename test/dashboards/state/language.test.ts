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

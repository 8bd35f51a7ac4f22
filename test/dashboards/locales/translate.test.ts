import { describe, expect, test } from 'vitest';
import { en } from '../../../dashboards/locales/en.ts';
import type { TextKey } from '../../../dashboards/locales/en.ts';
import { chooseLocale, countKey, translateIn } from '../../../dashboards/locales/translate.ts';
import { zhCN } from '../../../dashboards/locales/zh-CN.ts';

const keys = Object.keys(en) as TextKey[];
const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

describe('The catalogues', () => {
  test('have the same keys, none empty, and the same places to fill', () => {
    expect(Object.keys(zhCN)).toEqual(keys);
    for (const key of keys) {
      expect(zhCN[key], key).not.toBe('');
      expect(places(zhCN[key]), key).toEqual(places(en[key]));
    }
  });

  test('fill places with values, and leave an unknown place as it is', () => {
    expect(translateIn('en')('link.latency', { ms: 12 })).toBe('12 ms');
    expect(translateIn('en')('link.latency', {})).toBe('{ms} ms');
  });

  test('count as the language counts', () => {
    expect([
      countKey('overview.devices', 1, 'en'),
      countKey('overview.devices', 2, 'en'),
      countKey('overview.devices', 1, 'zh-CN'),
    ]).toEqual(['overview.devices_one', 'overview.devices_other', 'overview.devices_other']);
  });

  test('the first of the reader’s languages that there is decides', () => {
    expect(chooseLocale(['fr', 'zh-TW', 'en'])).toBe('zh-CN');
    expect(chooseLocale(['fr'])).toBe('en');
  });
});

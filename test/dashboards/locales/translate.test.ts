import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { en } from '../../../dashboards/locales/en.ts';
import type { TextKey } from '../../../dashboards/locales/en.ts';
import { reasonsZhCN } from '../../../dashboards/locales/reasons-zh-CN.ts';
import { sentencesZhCN } from '../../../dashboards/locales/sentences-zh-CN.ts';
import { chooseLocale, countKey, reasonIn, translateIn } from '../../../dashboards/locales/translate.ts';
import { zhCN } from '../../../dashboards/locales/zh-CN.ts';

const root = join(import.meta.dirname, '../../..');
const sourceOf = (pattern: string): string =>
  globSync(pattern, { cwd: root })
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('');
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

  test('a reason of the hub has words in Chinese; of a code that has none, and in English, the hub speaks', () => {
    expect([
      reasonIn('zh-CN', 'invalid-json', 'The payload is not valid JSON.'),
      reasonIn('zh-CN', 'too-hot', 'The oven is too hot.'),
      reasonIn('en', 'invalid-json', 'The payload is not valid JSON.'),
    ]).toEqual(['载荷不是有效的 JSON。', 'The oven is too hot.', 'The payload is not valid JSON.']);
  });

  test('every reason that has words in Chinese is one that the hub or this page gives', () => {
    const sources = sourceOf('{hub,bridges}/**/*.ts');
    const unknown = Object.keys(reasonsZhCN).filter((code) => !sources.includes(`'${code}'`));
    expect(unknown).toEqual(['link-offline', 'link-timeout', 'not-json', 'unreachable']);
  });

  test('what is set aside has words in Chinese, and they are of what the hub says', () => {
    const sources = sourceOf('{hub,bridges}/**/*.ts');
    const aside = [...sources.matchAll(/(?:aside|why)(?::| =)\s*'([^']+\.)'/g)].map(
      ([, sentence = '']) => sentence,
    );
    expect(aside.length).toBeGreaterThan(30);
    expect(aside.filter((sentence) => sentencesZhCN[sentence] === undefined)).toEqual([]);
    const sentences = Object.keys(sentencesZhCN).filter((text) => text.endsWith('.'));
    expect(sentences.filter((sentence) => !sources.includes(`'${sentence}'`))).toEqual([]);
  });

  test('every end of a connection has words in Chinese', () => {
    const [, ends = ''] =
      /type DisconnectReason =([^;]+);/.exec(sourceOf('hub/socketio/socket-listeners.ts')) ?? [];
    const reasons = [...ends.matchAll(/'([^']+)'/g)].map(([, reason = '']) => reason);
    expect(reasons).toContain('ping timeout');
    expect(reasons.filter((reason) => sentencesZhCN[reason] === undefined)).toEqual([]);
  });

  test('the first of the reader’s languages that there is decides', () => {
    expect(chooseLocale(['fr', 'zh-TW', 'en'])).toBe('zh-CN');
    expect(chooseLocale(['fr'])).toBe('en');
  });
});

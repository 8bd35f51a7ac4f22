/** Every text is used, said in both languages, and fills in the same places. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { en, type TextKey } from '../../../dashboards/locales/en.ts';
import { zhCN } from '../../../dashboards/locales/zh-CN.ts';

const root = join(import.meta.dirname, '..', '..', '..', 'dashboards');
const keys = Object.keys(en) as TextKey[];
const sources = globSync('{api,charts,components,connection,format,series,state,views}/**/*.{ts,tsx}', {
  cwd: root,
})
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');

/** `'nav.inbox'` as it is, and `` `nav.${screen}` `` for all that begin and end like it. */
const literal = new Set(sources.match(/'[A-Za-z][\w.-]*'/g)?.map((text) => text.slice(1, -1)));
const templates = (sources.match(/`[A-Za-z][\w.-]*\.\$\{[^`]*\}[\w.]*`/g) ?? []).map(
  (text) =>
    new RegExp(
      `^${text
        .slice(1, -1)
        .replaceAll('.', String.raw`\.`)
        .replace(/\$\{.*\}/, '[^.]+')}$`,
    ),
);

function isUsed(key: string): boolean {
  const base = key.replace(/_(?:one|other)$/, '');
  return literal.has(base) || templates.some((template) => template.test(base));
}

function placesOf(text: string): readonly string[] {
  return [...new Set(text.match(/\{\w+\}/g))].toSorted();
}

function isWords(text: string): boolean {
  return /\p{L}/u.test(text.replaceAll(/\{\w+\}/g, ''));
}

function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

describe('The catalogues', () => {
  test('no text is there that nothing says', () => {
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  });

  test('the check would find one', () => {
    expect(isUsed('nav.inbox')).toBe(true);
    expect(isUsed('nav.nowhere.else')).toBe(false);
    expect(isUsed('unsaid.text')).toBe(false);
  });

  test('both fill in the same places', () => {
    for (const key of keys) expect(placesOf(zhCN[key]), key).toEqual(placesOf(en[key]));
  });

  test('what is said in Chinese is Chinese, but for names and signs', () => {
    const foreign = keys.filter((key) => isWords(en[key]) && !isChinese(zhCN[key]));
    expect(foreign.toSorted()).toEqual(['app.name', 'mapping.path', 'overview.shown', 'status.version']);
  });
});

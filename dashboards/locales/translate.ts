/** Texts by key in the chosen language, with their places filled in. */
import { en } from './en.ts';
import type { Catalogue, TextKey } from './en.ts';
import { reasonsZhCN } from './reasons-zh-CN.ts';
import { sentencesZhCN } from './sentences-zh-CN.ts';
import { zhCN } from './zh-CN.ts';

export const locales = ['en', 'zh-CN'] as const;
export type Locale = (typeof locales)[number];

const catalogues: Readonly<Record<Locale, Catalogue>> = { en, 'zh-CN': zhCN };

export type Params = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, params?: Params) => string;

export function translateIn(locale: Locale): Translate {
  const catalogue = catalogues[locale];
  return (key, params) => {
    const text = catalogue[key];
    if (params === undefined) return text;
    return text.replace(/\{(\w+)\}/g, (place, name: string) => String(params[name] ?? place));
  };
}

/** @param message what the hub says: the more exact one, and for a code without words of ours the only one */
export function reasonIn(locale: Locale, code: string, message: string): string {
  return locale === 'zh-CN' ? (sentencesZhCN[message] ?? reasonsZhCN[code] ?? message) : message;
}

/** @param text what the hub says in fixed words */
export function saidIn(locale: Locale, text: string): string {
  return (locale === 'zh-CN' ? sentencesZhCN[text] : undefined) ?? text;
}

/** A key that exists as `<base>_one` and `<base>_other`. */
export type CountKey = TextKey extends infer Key ? (Key extends `${infer Base}_other` ? Base : never) : never;

export function countKey(base: CountKey, count: number, locale: Locale): TextKey {
  return new Intl.PluralRules(locale).select(count) === 'one' ? `${base}_one` : `${base}_other`;
}

/** The first of the reader's languages that we have. */
export function chooseLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (tag.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}

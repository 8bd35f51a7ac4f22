/** What this reader chose on this machine: theme and language. A storage that refuses costs only the memory of it. */
import { effect, signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { locales } from '../locales/translate.ts';
import type { Locale } from '../locales/translate.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export interface Keep {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const themeKey = 'signalbox.theme';
const localeKey = 'signalbox.locale';

export class Preferences {
  readonly theme: Signal<Theme>;
  readonly #keep: Keep;

  constructor(parts: { keep: Keep }) {
    this.#keep = parts.keep;
    this.theme = signal(oneOf(themes, this.#read(themeKey)) ?? 'system');
  }

  locale(): Locale | undefined {
    return oneOf(locales, this.#read(localeKey));
  }

  keepLocale(locale: Locale): void {
    this.#write(localeKey, locale);
  }

  nextTheme(): void {
    this.theme.value = themes[(themes.indexOf(this.theme.value) + 1) % themes.length] ?? 'system';
    this.#write(themeKey, this.theme.value);
  }

  /** Keeps the page's `data-theme` in step; returns what ends it. */
  applyTo(root: { dataset: DOMStringMap }): () => void {
    return effect(() => void (root.dataset['theme'] = this.theme.value));
  }

  #read(key: string): string | null {
    try {
      return this.#keep.getItem(key);
    } catch {
      // Storage may be switched off: the choice then lasts for this page.
      return null;
    }
  }

  #write(key: string, value: string): void {
    try {
      this.#keep.setItem(key, value);
    } catch {
      // As above.
    }
  }
}

function oneOf<Item extends string>(items: readonly Item[], text: string | null): Item | undefined {
  return items.find((item) => item === text);
}

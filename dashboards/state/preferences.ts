/** What this reader chose on this machine: theme, language, time zone, layout, notifications. A storage that refuses costs only the memory of it. */
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
const zoneKey = 'signalbox.zone';
const layoutKey = 'signalbox.layout';
const notifyKey = 'signalbox.notify';

/** Devices as cards, or as rows. */
export const layouts = ['grid', 'table'] as const;
export type Layout = (typeof layouts)[number];

export class Preferences {
  readonly theme: Signal<Theme>;
  readonly layout: Signal<Layout>;
  /** Whether the browser tells of devices that go offline and commands that fail. */
  readonly notify: Signal<boolean>;
  readonly #keep: Keep;

  constructor(parts: { keep: Keep }) {
    this.#keep = parts.keep;
    this.theme = signal(oneOf(themes, this.#read(themeKey)) ?? 'system');
    this.layout = signal(oneOf(layouts, this.#read(layoutKey)) ?? 'grid');
    this.notify = signal(this.#read(notifyKey) === 'yes');
  }

  locale(): Locale | undefined {
    return oneOf(locales, this.#read(localeKey));
  }

  keepLocale(locale: Locale): void {
    this.#write(localeKey, locale);
  }

  /** An IANA name that this browser knows; undefined = the machine's own. */
  zone(): string | undefined {
    const kept = this.#read(zoneKey);
    return kept !== null && isZone(kept) ? kept : undefined;
  }

  keepZone(zone: string | undefined): void {
    this.#write(zoneKey, zone ?? '');
  }

  nextTheme(): void {
    this.setTheme(themes[(themes.indexOf(this.theme.value) + 1) % themes.length] ?? 'system');
  }

  setTheme(theme: Theme): void {
    this.theme.value = theme;
    this.#write(themeKey, theme);
  }

  setLayout(layout: Layout): void {
    this.layout.value = layout;
    this.#write(layoutKey, layout);
  }

  setNotify(notify: boolean): void {
    this.notify.value = notify;
    this.#write(notifyKey, notify ? 'yes' : 'no');
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

function isZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function oneOf<Item extends string>(items: readonly Item[], text: string | null): Item | undefined {
  return items.find((item) => item === text);
}

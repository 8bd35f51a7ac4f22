/** The chosen language and time zone: texts, plurals, numbers and times. Reading it in a component makes that component follow it. */
import { computed, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import { TimeFormatter } from '../format/times.ts';
import { ValueFormatter } from '../format/value.ts';
import { countKey, reasonIn, saidIn, translateIn } from '../locales/translate.ts';
import type { CountKey, Locale, Params } from '../locales/translate.ts';
import type { TextKey } from '../locales/en.ts';

export class Language {
  readonly locale: Signal<Locale>;
  /** The language tag for numbers and dates. */
  readonly region: ReadonlySignal<string>;
  /** IANA name; undefined = the machine's own. */
  readonly zone: Signal<string | undefined>;
  readonly #translate: ReadonlySignal<(key: TextKey, params?: Params) => string>;
  readonly #values: ReadonlySignal<ValueFormatter>;
  readonly #times: ReadonlySignal<TimeFormatter>;

  /** @param wanted the reader's languages with their regions, which decide on separators and dates */
  constructor(locale: Locale, wanted: readonly string[] = [], zone?: string) {
    this.locale = signal(locale);
    this.zone = signal(zone);
    this.region = computed(() => regionOf(this.locale.value, wanted));
    this.#translate = computed(() => translateIn(this.locale.value));
    this.#values = computed(
      () =>
        new ValueFormatter({ locale: this.region.value, on: this.t('value.on'), off: this.t('value.off') }),
    );
    this.#times = computed(() => new TimeFormatter({ locale: this.region.value, zone: this.zone.value }));
  }

  t(key: TextKey, params?: Params): string {
    return this.#translate.value(key, params);
  }

  count(base: CountKey, count: number): string {
    return this.t(countKey(base, count, this.locale.value), { count: this.values.number(count, 0) });
  }

  /** Why something was refused or failed. @param message what the hub, or the device, says */
  reason(code: string, message: string): string {
    return reasonIn(this.locale.value, code, message);
  }

  /** What the hub says in fixed words; anything else as it is. */
  said(text: string): string {
    return saidIn(this.locale.value, text);
  }

  /** What came of an audited action: words beside numbers and codes. */
  outcome(text: string): string {
    const words = text.split(' ').map((word) => this.said(word));
    return words.join(' ');
  }

  get values(): ValueFormatter {
    return this.#values.value;
  }

  age(ms: number): string {
    return this.#times.value.age(ms);
  }

  span(ms: number): string {
    return this.#times.value.span(ms);
  }

  time(timeMs: number): string {
    return this.#times.value.exact(timeMs);
  }

  timeInYear(timeMs: number): string {
    return this.#times.value.inYear(timeMs);
  }

  clock(timeMs: number): string {
    return this.#times.value.clock(timeMs);
  }
}

function regionOf(locale: Locale, wanted: readonly string[]): string {
  const [language = locale] = locale.split('-');
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? locale;
}

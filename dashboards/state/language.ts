/** The chosen language: texts, plurals, numbers and times. Reading it in a component makes that component follow it. */
import { computed, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import { formatAge, formatClock, formatSpan, formatTime } from '../format/age.ts';
import { ValueFormatter } from '../format/value.ts';
import { countKey, translateIn } from '../locales/translate.ts';
import type { CountKey, Locale, Params } from '../locales/translate.ts';
import type { TextKey } from '../locales/en.ts';

export class Language {
  readonly locale: Signal<Locale>;
  readonly #translate: ReadonlySignal<(key: TextKey, params?: Params) => string>;
  readonly #values: ReadonlySignal<ValueFormatter>;

  constructor(locale: Locale) {
    this.locale = signal(locale);
    this.#translate = computed(() => translateIn(this.locale.value));
    this.#values = computed(
      () =>
        new ValueFormatter({ locale: this.locale.value, on: this.t('value.on'), off: this.t('value.off') }),
    );
  }

  t(key: TextKey, params?: Params): string {
    return this.#translate.value(key, params);
  }

  count(base: CountKey, count: number): string {
    return this.t(countKey(base, count, this.locale.value), { count: this.values.number(count, 0) });
  }

  get values(): ValueFormatter {
    return this.#values.value;
  }

  age(ms: number): string {
    return formatAge(ms, this.locale.value);
  }

  span(ms: number): string {
    return formatSpan(ms, this.locale.value);
  }

  time(timeMs: number): string {
    return formatTime(timeMs, this.locale.value);
  }

  clock(timeMs: number): string {
    return formatClock(timeMs, this.locale.value);
  }
}

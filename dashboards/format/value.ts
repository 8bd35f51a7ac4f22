/** Values with the digits that mean something, in the reader's locale. Pure. */
import type { MetricInfo } from '#contract/device.ts';
import type { Value } from '#contract/reading.ts';
import { plainText } from './text.ts';
import { unitText } from './unit.ts';

/** The minus of typography is as wide as a digit: columns stay still. */
const minus = '\u2212';
const absent = '–';
const valueChars = 80;
const compactDigits = 5;

export interface ValueText {
  readonly text: string;
  /** Empty where a unit would say nothing. */
  readonly unit: string;
}

export class ValueFormatter {
  readonly #locale: string;
  readonly #on: string;
  readonly #off: string;
  // Intl formatters are costly to make: thousands of values share a few. Bounded by the digits in use.
  readonly #formatters = new Map<string, Intl.NumberFormat>();

  constructor(words: { locale: string; on: string; off: string }) {
    this.#locale = words.locale;
    this.#on = words.on;
    this.#off = words.off;
  }

  value(value: Value | undefined, info?: Pick<MetricInfo, 'unit' | 'precision'>): ValueText {
    if (value === undefined || value === null) return { text: absent, unit: '' };
    if (typeof value === 'boolean') return { text: value ? this.#on : this.#off, unit: '' };
    if (typeof value === 'string') return { text: plainText(value, valueChars), unit: unitText(info?.unit) };
    if (info?.unit === 'By') return this.bytes(value);
    return { text: this.number(value, info?.precision), unit: unitText(info?.unit) };
  }

  /** Like {@link value}, with no more digits than a small place holds. */
  compact(value: Value | undefined, info?: Pick<MetricInfo, 'unit' | 'precision'>): ValueText {
    if (typeof value !== 'number' || info?.precision === undefined) return this.value(value, info);
    const whole = Math.abs(value) < 1 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
    return this.value(value, {
      ...info,
      precision: Math.min(info.precision, Math.max(0, compactDigits - whole)),
    });
  }

  /** @param precision digits after the decimal point; without it four significant ones */
  number(value: number, precision?: number): string {
    if (!Number.isFinite(value)) return absent;
    const size = Math.abs(value);
    if (size >= 1e9 || (size > 0 && size < 1e-4)) return this.#write(value, 0, 3, 'scientific');
    if (precision === undefined) return this.#write(value, 0, digitsFor(size), 'standard');
    const digits = Math.min(precision, 10);
    return this.#write(value, digits, digits, 'standard');
  }

  /** @param share 0 to 1 */
  percent(share: number): string {
    return new Intl.NumberFormat(this.#locale, { style: 'percent' }).format(Math.floor(share * 100) / 100);
  }

  bytes(bytes: number): ValueText {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let size = bytes;
    let step = 0;
    while (size >= 1000 && step < units.length - 1) {
      size /= 1000;
      step += 1;
    }
    return { text: this.number(size, step === 0 || size >= 100 ? 0 : 1), unit: units[step] ?? 'B' };
  }

  #write(value: number, least: number, most: number, notation: 'standard' | 'scientific'): string {
    const key = `${notation} ${least} ${most}`;
    let formatter = this.#formatters.get(key);
    if (formatter === undefined) {
      formatter = new Intl.NumberFormat(this.#locale, {
        notation,
        minimumFractionDigits: least,
        maximumFractionDigits: most,
      });
      this.#formatters.set(key, formatter);
    }
    return formatter.format(value).replaceAll('-', minus);
  }
}

function digitsFor(size: number): number {
  if (size >= 1000 || size === 0) return 0;
  return Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(size))));
}

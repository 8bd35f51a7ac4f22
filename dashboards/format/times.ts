/** Instants, spans and ages in the reader's language and time zone. Pure: the caller brings the present. */
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

interface Span {
  readonly count: number;
  readonly unit: 'second' | 'minute' | 'hour' | 'day';
}

/** The largest unit that fits. Below a minute it counts in fives, so that a list of ages does not flicker. */
export function spanOf(ms: number): Span {
  const size = Math.max(0, ms);
  if (size < minute) return { count: Math.floor(size / second / 5) * 5, unit: 'second' };
  if (size < hour) return { count: Math.floor(size / minute), unit: 'minute' };
  if (size < 2 * day) return { count: Math.floor(size / hour), unit: 'hour' };
  return { count: Math.floor(size / day), unit: 'day' };
}

/** Intl formatters are costly to make: each is made once. */
export class TimeFormatter {
  readonly #ages: Intl.RelativeTimeFormat;
  readonly #spans: Readonly<Record<Span['unit'], Intl.NumberFormat>>;
  readonly #exact: Intl.DateTimeFormat;
  readonly #inYear: Intl.DateTimeFormat;
  readonly #clock: Intl.DateTimeFormat;

  /** @param how.zone IANA name; undefined = the machine's own */
  constructor(how: { readonly locale: string; readonly zone?: string | undefined }) {
    const { locale, zone: timeZone } = how;
    const spans = (unit: Span['unit']): Intl.NumberFormat =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' });
    this.#ages = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' });
    this.#spans = {
      second: spans('second'),
      minute: spans('minute'),
      hour: spans('hour'),
      day: spans('day'),
    };
    const time = { timeStyle: 'medium', hourCycle: 'h23', timeZone } as const;
    this.#exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...time });
    this.#inYear = new Intl.DateTimeFormat(locale, {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZone,
    });
    this.#clock = new Intl.DateTimeFormat(locale, time);
  }

  /** "14 min ago" */
  age(ms: number): string {
    const { count, unit } = spanOf(ms);
    return this.#ages.format(unit === 'second' && count < 5 ? 0 : -count, unit);
  }

  /** "14 min", "3 days" */
  span(ms: number): string {
    const { count, unit } = spanOf(ms);
    return this.#spans[unit].format(count);
  }

  /** The exact time, to the second, with its date. */
  exact(timeMs: number): string {
    return this.#exact.format(timeMs);
  }

  /** To the second, without the year: where something else tells it. */
  inYear(timeMs: number): string {
    return this.#inYear.format(timeMs);
  }

  /** Hours, minutes and seconds only. */
  clock(timeMs: number): string {
    return this.#clock.format(timeMs);
  }
}

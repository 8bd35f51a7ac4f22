/** How long ago something was, in few and steady words. Pure: the caller brings the present. */
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

/** "14 min ago" */
export function formatAge(ms: number, locale: string): string {
  const { count, unit } = spanOf(ms);
  const format = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' });
  return format.format(unit === 'second' && count < 5 ? 0 : -count, unit);
}

/** "14 min", "3 days" */
export function formatSpan(ms: number, locale: string): string {
  const { count, unit } = spanOf(ms);
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
}

/** The exact time, to the second, with its date. */
export function formatTime(timeMs: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(timeMs);
}

/** Hours, minutes and seconds only. */
export function formatClock(timeMs: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' }).format(timeMs);
}

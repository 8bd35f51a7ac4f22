/** Labels of a time axis: as short as the distance between them allows, the day where it changes. Pure. */
const daySeconds = 86_400;
const monthSeconds = 28 * daySeconds;

export type TimeLabels = (seconds: readonly number[], stepSeconds: number) => string[];

/** @param how.zone IANA name; undefined = the machine's own */
export function timeLabels(how: { readonly locale: string; readonly zone?: string | undefined }): TimeLabels {
  const { locale, zone: timeZone } = how;
  const clockOf = (more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone,
      ...more,
    });
  const clock = clockOf({});
  const fineClock = clockOf({ second: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone });
  const month = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone });
  // One language for the question, whatever the reader's.
  const exact = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone });
  return (seconds, stepSeconds) =>
    seconds.map((second) => {
      const date = new Date(second * 1000);
      if (stepSeconds >= monthSeconds) return month.format(date);
      if (stepSeconds >= daySeconds || exact.format(date) === '00:00:00') return day.format(date);
      return (stepSeconds < 60 ? fineClock : clock).format(date);
    });
}

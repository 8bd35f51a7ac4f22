/** Labels of a time axis: as short as the distance between them allows, the day where it changes. Pure. */
export function timeLabels(seconds: readonly number[], stepSeconds: number, locale: string): string[] {
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(stepSeconds < 60 ? { second: '2-digit' } : {}),
  });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  return seconds.map((second) => {
    const date = new Date(second * 1000);
    const isMidnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
    return isMidnight ? day.format(date) : clock.format(date);
  });
}

/** What follows the sun: warmest at `peakHour` (UTC), coldest twelve hours later. Pure. */

export const dayMs = 24 * 3600 * 1000;
export const hourMs = 3600 * 1000;

/** Within [-1, 1]; 1 at the peak. */
export function dailyCycle(atMs: number, peakHour: number): number {
  return Math.cos(turnsAt(atMs, peakHour));
}

/** Daylight from 0 at night to 1 at noon: half a wave above the horizon. */
export function daylight(atMs: number, noonHour: number): number {
  return Math.max(0, dailyCycle(atMs, noonHour));
}

/** The integral of {@link dailyCycle} from the epoch, in hours: what a counter adds for a daily swing. */
export function dailyCycleHours(atMs: number, peakHour: number): number {
  const hoursPerRadian = 24 / (2 * Math.PI);
  return hoursPerRadian * (Math.sin(turnsAt(atMs, peakHour)) - Math.sin(turnsAt(0, peakHour)));
}

function turnsAt(atMs: number, peakHour: number): number {
  // The remainder first: cos of a large angle loses digits.
  const ofDayMs = (((atMs - peakHour * hourMs) % dayMs) + dayMs) % dayMs;
  return (ofDayMs / dayMs) * 2 * Math.PI;
}

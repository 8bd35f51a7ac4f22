/** A meter's reading: only ever grows, faster by day than by night. Pure: the integral in closed form. */
import { dailyCycleHours, hourMs } from './daily-cycle.ts';

export interface Counter {
  /** When it stood at zero, epoch ms. */
  readonly sinceMs: number;
  readonly perHour: number;
  /** Share by which the rate swings over the day, 0 to 1; 1 stands still at the quietest hour. */
  readonly swing: number;
  readonly peakHour: number;
}

/** @throws {RangeError} a swing above 1 would count backwards */
export function counter({ sinceMs, perHour, swing, peakHour }: Counter, atMs: number): number {
  if (swing < 0 || swing > 1) throw new RangeError('A counter may swing between 0 and 1 only.');
  const hours = (atMs - sinceMs) / hourMs;
  const swingHours = dailyCycleHours(atMs, peakHour) - dailyCycleHours(sinceMs, peakHour);
  return perHour * (hours + swing * swingHours);
}

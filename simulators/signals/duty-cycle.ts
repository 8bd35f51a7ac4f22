/** On for a share of each period, off for the rest: valves, pumps, heaters, compressors. Pure. */
import { chance } from './noise.ts';

export interface DutyCycle {
  /** Shifts the cycle, so that not all devices switch at once. */
  readonly seed: number;
  readonly periodMs: number;
  /** Share of the period that is on, 0 to 1. */
  readonly share: number;
}

export function isOn(cycle: DutyCycle, atMs: number): boolean {
  return phaseMs(cycle, atMs) < cycle.share * cycle.periodMs;
}

/** Since when it is as it is, epoch ms. */
export function switchedAt(cycle: DutyCycle, atMs: number): number {
  const phase = phaseMs(cycle, atMs);
  const onMs = cycle.share * cycle.periodMs;
  return atMs - (phase < onMs ? phase : phase - onMs);
}

function phaseMs({ seed, periodMs }: DutyCycle, atMs: number): number {
  const shifted = atMs + Math.floor(chance(seed, 0) * periodMs);
  return ((shifted % periodMs) + periodMs) % periodMs;
}

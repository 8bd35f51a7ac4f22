/** When somebody presses a button: now and then, sometimes twice within a blink. Pure. */
import { chance } from './noise.ts';

export interface Presses {
  readonly seed: number;
  /** About one press in each stretch of this length. */
  readonly everyMs: number;
}

/** Two presses of a double press are this far apart. */
export const doublePressGapMs = 80;

/** Epoch ms of every press in `[fromMs, toMs)`, in order. */
export function presses({ seed, everyMs }: Presses, fromMs: number, toMs: number): readonly number[] {
  const times: number[] = [];
  for (let slot = Math.floor(fromMs / everyMs) - 1; slot * everyMs < toMs; slot += 1) {
    const first = Math.floor((slot + chance(seed, 2 * slot)) * everyMs);
    const mood = chance(seed, 2 * slot + 1);
    if (mood < 0.2) continue;
    times.push(first);
    if (mood > 0.8) times.push(first + doublePressGapMs);
  }
  return times.filter((time) => time >= fromMs && time < toMs).toSorted((a, b) => a - b);
}

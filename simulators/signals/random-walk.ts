/** A line that wanders as a random walk does, yet answers for any instant without walking there. Pure. */
import { valueNoise } from './noise.ts';

export interface RandomWalk {
  readonly seed: number;
  /** How long a slow swing takes; faster and smaller ones ride on it. */
  readonly periodMs: number;
  /** Each octave halves period and height of the one before (default 4). */
  readonly octaves?: number;
}

/** Within [-1, 1]. */
export function randomWalk({ seed, periodMs, octaves = 4 }: RandomWalk, atMs: number): number {
  let sum = 0;
  let total = 0;
  for (let octave = 0; octave < octaves; octave += 1) {
    const height = 2 ** -octave;
    sum += height * valueNoise(seed + octave, (atMs / periodMs) * 2 ** octave);
    total += height;
  }
  return sum / total;
}

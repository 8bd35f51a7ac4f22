/** Readings as a frame carries them, each alone. */
import type { FrameReadings } from '#contract/frame.ts';
import type { ReadingTuple } from '#contract/reading.ts';

export function frameReadings(tuples: readonly ReadingTuple[]): FrameReadings {
  return {
    time: 0,
    readings: tuples.map(([device, metric, timeMs, value, ...rest]) => [
      device,
      timeMs,
      { [metric]: value },
      ...rest,
    ]),
  };
}

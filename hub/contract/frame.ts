/**
 * A live frame as it crosses the wire: what one device told at one instant stands together, and times count from that of
 * the frame, so that a reading costs its metric and its value. Pure; runs in browsers too.
 */
import type { Quality, ReadingTuple, Tags, Value } from './reading.ts';

/**
 * What one device told at one instant: the device, ms after the frame's `time` (negative: before; fractions allowed), its
 * metrics with their values, then quality (when not good, or when tags follow) and tags, which hold for all of them.
 */
export type ReadingGroup = readonly [
  device: string,
  afterMs: number,
  values: Readonly<Record<string, Value>>,
  quality?: Quality,
  tags?: Tags,
];

export interface FrameReadings {
  /** Epoch ms, whole: what the times of the readings count from. */
  readonly time: number;
  /**
   * In the order in which they were committed; of one series, each at a time. In a conflated frame the newest of each
   * series, then those that came late, each at its own time.
   */
  readonly readings: readonly ReadingGroup[];
}

export interface ReadingsFrame extends FrameReadings {
  readonly view: string;
  /** The last offset this frame covers; with the epoch of the subscription, a place to resume from. */
  readonly offset: number;
  /**
   * Of a conflated view: more came late than a frame holds, and those left out lie between these times. A chart that
   * shows them asks history again.
   */
  readonly incomplete?: TimeRange;
}

/** Epoch ms: `start` included, `end` excluded, as history takes them. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/** The readings of a frame one by one, at their own times. */
export function tuplesOf({ time, readings }: FrameReadings): readonly ReadingTuple[] {
  return readings.flatMap(([device, afterMs, values, quality, tags]) => {
    // In whole microseconds: what lies years before the frame would differ in the last digit.
    const timeMs = (time * 1000 + Math.round(afterMs * 1000)) / 1000;
    return Object.entries(values).map(([metric, value]): ReadingTuple => {
      if (tags !== undefined) return [device, metric, timeMs, value, quality ?? 'good', tags];
      return quality === undefined
        ? [device, metric, timeMs, value]
        : [device, metric, timeMs, value, quality];
    });
  });
}

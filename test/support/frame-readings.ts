/** Frames for tests. */
import type { FrameReadings } from '#contract/frame.ts';
import { tagsKey, type CommittedReading, type ReadingTuple } from '#contract/reading.ts';
import { Instant, readingsText, type Shown } from '../../hub/live/frame-text.ts';
import { SeriesEntry } from '../../hub/live/latest-values.ts';

/** Readings as a frame carries them, each alone. */
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

/** Readings as a commit shows them to views. */
export function shownOf(readings: readonly CommittedReading[]): readonly Shown[] {
  const series = new Map<string, SeriesEntry>();
  const list: Shown[] = [];
  for (const reading of readings) {
    const key = JSON.stringify([reading.group, reading.device, reading.metric, tagsKey(reading.tags)]);
    const entry = series.get(key) ?? new SeriesEntry(reading);
    series.set(key, entry);
    list.push(Instant.of(entry, reading, list.at(-1)));
  }
  return list;
}

/** What a dashboard reads of them. */
export function sentOf(list: readonly Shown[]): FrameReadings {
  return JSON.parse(`{${readingsText(list)}}`) as FrameReadings;
}

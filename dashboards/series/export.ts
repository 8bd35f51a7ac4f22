/** What a chart page shows, as a file: one row per point that is drawn. Pure. */
import { toCsv } from '#contract/formats/csv.ts';
import { tagsKey } from '#contract/reading.ts';
import type { BookSeries } from './series-book.ts';

/** One drawn point: a reading (`count` 1) or a bucket of several with its extremes. */
interface Point {
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly count: number;
}

export interface Seen {
  readonly group: string;
  /** Epoch ms, both included. */
  readonly edges: { readonly start: number; readonly end: number };
  readonly series: readonly (BookSeries & { readonly unit?: string | undefined })[];
}

const header = ['group', 'device', 'metric', 'tags', 'unit', 'time', 'min', 'mean', 'max', 'count'];

/** RFC 4180; series one after the other, each oldest first. */
export function seenAsCsv(seen: Seen): string {
  const rows = seen.series.flatMap((series) => {
    const name = [seen.group, series.device, series.metric, tagsKey(series.tags), series.unit];
    return pointsOf(series, seen.edges).map(({ time, min, mean, max, count }) => [
      ...name,
      time,
      min,
      mean,
      max,
      count,
    ]);
  });
  return toCsv([header, ...rows]);
}

export function seenAsJson(seen: Seen): string {
  const { group, edges } = seen;
  const series = seen.series.map((one) => {
    const { device, metric, tags, unit } = one;
    return { device, metric, tags, unit, points: pointsOf(one, edges) };
  });
  const { start, end } = edges;
  return JSON.stringify({ group, start: timeOf(start), end: timeOf(end), series }, null, 1);
}

/** `bed-07_2026-06-01T12-00.csv`: no character that a file system refuses. */
export function fileNameOf(device: string, startMs: number, ending: 'csv' | 'json'): string {
  const start = timeOf(startMs).slice(0, 16).replace(':', '-');
  return `${device.replace(/[^\w.-]/g, '_')}_${start}.${ending}`;
}

function pointsOf({ ring }: BookSeries, { start, end }: Seen['edges']): Point[] {
  const points: Point[] = [];
  for (let index = ring.indexOf(start); index < ring.length && ring.timeAt(index) <= end; index += 1) {
    points.push({
      time: timeOf(ring.timeAt(index)),
      min: ring.minAt(index),
      mean: ring.meanAt(index),
      max: ring.maxAt(index),
      count: ring.countAt(index),
    });
  }
  return points;
}

function timeOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

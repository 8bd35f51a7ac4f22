/**
 * Rings as the columns a chart draws: one shared time axis, and per series mean, smallest and largest value.
 * `null` breaks the line where nothing was measured; `undefined` only means that another series has a point there.
 */
import type { SeriesRing } from './ring.ts';

export type Column = (number | null | undefined)[];

export interface Columns {
  /** Epoch seconds, as the chart library counts. */
  readonly times: number[];
  /** Per series: mean, min, max. */
  readonly series: readonly { readonly mean: Column; readonly min: Column; readonly max: Column }[];
}

/** A pause longer than this many usual distances is a gap. */
const gapFactor = 3.5;
const shortestGapMs = 2500;
/** How many distances on each side are the neighbourhood of one. */
const neighbours = 4;

/** @param range epoch ms; one point on each side is kept, so that lines run to the edge */
export function toColumns(
  rings: readonly (SeriesRing | undefined)[],
  range: { start: number; end: number },
): Columns {
  const traces = rings.map((ring) => trace(ring, range));
  const times = unionOf(traces.map(({ times: own }) => own));
  return {
    times: times.map((timeMs) => timeMs / 1000),
    series: traces.map((own) => spread(own, times)),
  };
}

interface Trace {
  readonly times: number[];
  readonly mean: Column;
  readonly min: Column;
  readonly max: Column;
}

function trace(ring: SeriesRing | undefined, range: { start: number; end: number }): Trace {
  if (ring === undefined) return { times: [], mean: [], min: [], max: [] };
  const first = Math.max(0, ring.indexOf(range.start) - 1);
  const last = Math.min(ring.length - 1, ring.indexOf(range.end));
  const gapMs = gapOf(ring, first, last);
  const out: Trace = { times: [], mean: [], min: [], max: [] };
  for (let index = first; index <= last; index += 1) {
    const timeMs = ring.timeAt(index);
    const before = index > first ? ring.timeAt(index - 1) : timeMs;
    if (timeMs - before > gapMs && isGapHere(ring, index))
      push(out, before + gapMs / gapFactor, null, null, null);
    push(out, timeMs, ring.meanAt(index), ring.minAt(index), ring.maxAt(index));
  }
  return out;
}

function push(out: Trace, timeMs: number, mean: number | null, min: number | null, max: number | null): void {
  out.times.push(timeMs);
  out.mean.push(mean);
  out.min.push(min);
  out.max.push(max);
}

/** What counts as a gap: a multiple of the median distance between points. */
function gapOf(ring: SeriesRing, first: number, last: number): number {
  const steps: number[] = [];
  const stride = Math.max(1, Math.floor((last - first) / 256));
  for (let index = first + 1; index <= last; index += stride) {
    steps.push(ring.timeAt(index) - ring.timeAt(index - 1));
  }
  const median = steps.toSorted((a, b) => a - b)[steps.length >> 1] ?? 0;
  return Math.max(gapFactor * Math.max(median, ring.bucketMs), shortestGapMs);
}

/** Where history is coarser than live, its own distances count: the neighbours say what is usual here. */
function isGapHere(ring: SeriesRing, index: number): boolean {
  const steps: number[] = [];
  for (let near = index - neighbours; near <= index + neighbours; near += 1) {
    if (near !== index && near >= 1 && near < ring.length)
      steps.push(ring.timeAt(near) - ring.timeAt(near - 1));
  }
  const usual = steps.toSorted((a, b) => a - b)[steps.length >> 1] ?? 0;
  return ring.timeAt(index) - ring.timeAt(index - 1) > gapFactor * usual;
}

function unionOf(all: readonly (readonly number[])[]): number[] {
  const [only] = all;
  if (all.length === 1 && only !== undefined) return [...only];
  return [...new Set(all.flat())].toSorted((a, b) => a - b);
}

function spread(own: Trace, times: readonly number[]): Columns['series'][number] {
  if (own.times.length === times.length) return { mean: own.mean, min: own.min, max: own.max };
  const mean: Column = [];
  const min: Column = [];
  const max: Column = [];
  let next = 0;
  for (const timeMs of times) {
    const here = own.times[next] === timeMs;
    mean.push(here ? own.mean[next] : undefined);
    min.push(here ? own.min[next] : undefined);
    max.push(here ? own.max[next] : undefined);
    if (here) next += 1;
  }
  return { mean, min, max };
}

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

/**
 * @param range epoch ms; one point on each side is kept, so that lines run to the edge
 * @param mostPoints where more lie in the range, neighbours become one with their extremes: about one per pixel
 */
export function toColumns(
  rings: readonly (SeriesRing | undefined)[],
  range: { start: number; end: number },
  mostPoints = Number.POSITIVE_INFINITY,
): Columns {
  const traces = rings.map((ring) => trace(ring, range, mostPoints));
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

function trace(
  ring: SeriesRing | undefined,
  range: { start: number; end: number },
  mostPoints: number,
): Trace {
  const out: Trace = { times: [], mean: [], min: [], max: [] };
  if (ring === undefined) return out;
  const first = Math.max(0, ring.indexOf(range.start) - 1);
  const last = Math.min(ring.length - 1, ring.indexOf(range.end));
  const gapMs = gapOf(ring, first, last);
  const stepMs = last - first > mostPoints ? (range.end - range.start) / mostPoints : 0;
  const bucket = new Bucket(out, stepMs);
  let before = Number.NaN;
  for (let index = first; index <= last; index += 1) {
    const timeMs = ring.timeAt(index);
    if (timeMs - before > gapMs && isGapHere(ring, index)) {
      bucket.flush();
      push(out, before + gapMs / gapFactor, null, null, null);
    }
    bucket.add(ring, index, timeMs);
    before = timeMs;
  }
  bucket.flush();
  return out;
}

/** Points of one pixel. Its borders are whole multiples of its width, so that a picture that moves does not flicker. */
class Bucket {
  readonly #out: Trace;
  readonly #stepMs: number;
  #number = Number.NaN;
  #timeMs = 0;
  #count = 0;
  #sum = 0;
  #min = 0;
  #max = 0;

  /** @param stepMs its width; 0 = every point is one of its own */
  constructor(out: Trace, stepMs: number) {
    this.#out = out;
    this.#stepMs = stepMs;
  }

  add(ring: SeriesRing, index: number, timeMs: number): void {
    const number = this.#stepMs === 0 ? index : Math.floor(timeMs / this.#stepMs);
    if (number !== this.#number) {
      this.flush();
      this.#number = number;
      this.#timeMs = timeMs;
      this.#min = ring.minAt(index);
      this.#max = ring.maxAt(index);
    } else {
      this.#min = Math.min(this.#min, ring.minAt(index));
      this.#max = Math.max(this.#max, ring.maxAt(index));
    }
    this.#sum += ring.meanAt(index);
    this.#count += 1;
  }

  flush(): void {
    if (this.#count > 0) push(this.#out, this.#timeMs, this.#sum / this.#count, this.#min, this.#max);
    this.#count = 0;
    this.#sum = 0;
    this.#number = Number.NaN;
  }
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
  // Mostly a device measures all it has at once.
  if (only !== undefined && all.every((own) => isEqual(own, only))) return [...only];
  return [...new Set(all.flat())].toSorted((a, b) => a - b);
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, index) => value === b[index]));
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

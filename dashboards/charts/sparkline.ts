/** The small curve of a card: the mean of each minute over one hour, from the ring to the paths that draw it. Pure. */
import type { SeriesRing } from '../series/ring.ts';

/** What the paths are drawn into, px; stretched to the place that there is. */
export const sparkSize = { width: 100, height: 44 } as const;
const pad = 2;
/** Two points further apart than this are not joined. */
const gapMs = 4 * 60_000;

/** Path data of SVG; empty when there is nothing to draw. */
export interface SparkPaths {
  readonly line: string;
  /** What lies under the line. */
  readonly area: string;
}

/** @param edges epoch ms */
export function sparkPaths(
  ring: SeriesRing | undefined,
  edges: { readonly start: number; readonly end: number },
): SparkPaths {
  if (ring === undefined || ring.length === 0) return { line: '', area: '' };
  const place = placing(ring, edges);
  const lines = stretches(ring, edges.start).map((stretch) => lineThrough(stretch.map(place)));
  return {
    line: lines.map(({ path }) => `M${path}`).join(''),
    area: lines
      .map(({ path, from, to }) => `M${from} ${sparkSize.height}L${path}L${to} ${sparkSize.height}Z`)
      .join(''),
  };
}

type Point = readonly [x: number, y: number];

function placing(
  ring: SeriesRing,
  edges: { readonly start: number; readonly end: number },
): (index: number) => Point {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = ring.indexOf(edges.start); index < ring.length; index += 1) {
    low = Math.min(low, ring.meanAt(index));
    high = Math.max(high, ring.meanAt(index));
  }
  const span = high - low;
  const inner = sparkSize.height - 2 * pad;
  return (index) => [
    rounded(((ring.timeAt(index) - edges.start) / (edges.end - edges.start)) * sparkSize.width),
    rounded(span > 0 ? pad + inner - ((ring.meanAt(index) - low) / span) * inner : sparkSize.height / 2),
  ];
}

/** Runs of points without a gap between them. */
function stretches(ring: SeriesRing, startMs: number): number[][] {
  const all: number[][] = [];
  let run: number[] = [];
  for (let index = ring.indexOf(startMs); index < ring.length; index += 1) {
    const previous = run.at(-1);
    if (previous !== undefined && ring.timeAt(index) - ring.timeAt(previous) > gapMs) {
      all.push(run);
      run = [];
    }
    run.push(index);
  }
  if (run.length > 0) all.push(run);
  return all;
}

/** A single point is a short dash. */
function lineThrough(points: readonly Point[]): {
  readonly path: string;
  readonly from: number;
  readonly to: number;
} {
  const [first = [0, 0]] = points;
  const all = points.length === 1 ? [first, [rounded(first[0] + 1), first[1]] as const] : points;
  return {
    path: all.map(([x, y]) => `${x} ${y}`).join('L'),
    from: first[0],
    to: all.at(-1)?.[0] ?? first[0],
  };
}

function rounded(px: number): number {
  return Math.round(px * 10) / 10;
}

/** The small curve of a card: the mean of each minute over one hour, straight from the ring to its canvas. */
import type { SeriesRing } from '../series/ring.ts';

export interface SparklineStyle {
  readonly line: string;
  readonly fill: string;
}

const pad = 2;
/** Two points further apart than this are not joined. */
const gapMs = 4 * 60_000;

/** @param edges epoch ms */
export function drawSparkline(
  canvas: HTMLCanvasElement,
  ring: SeriesRing | undefined,
  edges: { readonly start: number; readonly end: number },
  style: SparklineStyle,
): void {
  const ratio = window.devicePixelRatio;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (ring === undefined || ring.length === 0) return;
  const place = placing(ring, edges, { width, height });
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.strokeStyle = style.line;
  context.fillStyle = style.fill;
  for (const stretch of stretches(ring, edges.start)) drawStretch(context, stretch.map(place), height);
}

type Point = readonly [x: number, y: number];

function placing(
  ring: SeriesRing,
  edges: { readonly start: number; readonly end: number },
  size: { readonly width: number; readonly height: number },
): (index: number) => Point {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = ring.indexOf(edges.start); index < ring.length; index += 1) {
    low = Math.min(low, ring.meanAt(index));
    high = Math.max(high, ring.meanAt(index));
  }
  const span = high - low;
  const inner = size.height - 2 * pad;
  return (index) => [
    ((ring.timeAt(index) - edges.start) / (edges.end - edges.start)) * size.width,
    span > 0 ? pad + inner - ((ring.meanAt(index) - low) / span) * inner : size.height / 2,
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

function drawStretch(context: CanvasRenderingContext2D, points: readonly Point[], height: number): void {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return;
  context.beginPath();
  context.moveTo(...first);
  for (const point of points.slice(1)) context.lineTo(...point);
  if (points.length === 1) context.lineTo(first[0] + 1, first[1]);
  context.stroke();
  context.lineTo(last[0], height);
  context.lineTo(first[0], height);
  context.closePath();
  context.fill();
}

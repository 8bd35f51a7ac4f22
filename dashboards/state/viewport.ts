/** The stretch of time that the charts of a page show together: following now, or held somewhere in the past. Pure. */
export const ranges = {
  '5m': 300_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
  '1y': 31_536_000_000,
} as const;
export type RangeName = keyof typeof ranges;

export interface Viewport {
  readonly spanMs: number;
  /** Epoch ms of the right edge; undefined = now. */
  readonly endMs?: number | undefined;
}

const shortestSpanMs = 5000;
const longestSpanMs = 400 * 86_400_000;

export function edgesOf(viewport: Viewport, nowMs: number): { readonly start: number; readonly end: number } {
  const end = viewport.endMs ?? nowMs;
  return { start: end - viewport.spanMs, end };
}

/** Closer (`factor` < 1) or wider, with the instant under the pointer staying where it is. */
export function zoomed(viewport: Viewport, factor: number, atMs: number, nowMs: number): Viewport {
  const { start, end } = edgesOf(viewport, nowMs);
  const spanMs = Math.min(longestSpanMs, Math.max(shortestSpanMs, viewport.spanMs * factor));
  const share = (atMs - start) / (end - start);
  return held(spanMs, atMs + (1 - share) * spanMs, nowMs);
}

/** To the past with a negative distance. */
export function panned(viewport: Viewport, byMs: number, nowMs: number): Viewport {
  return held(viewport.spanMs, edgesOf(viewport, nowMs).end + byMs, nowMs);
}

/** A right edge that reaches now follows it. */
function held(spanMs: number, endMs: number, nowMs: number): Viewport {
  return endMs >= nowMs ? { spanMs } : { spanMs, endMs };
}

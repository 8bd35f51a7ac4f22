import { describe, expect, test } from 'vitest';
import { edgesOf, panned, zoomed } from '../../../dashboards/state/viewport.ts';

const now = 1_000_000;

describe('The stretch of time that charts show', () => {
  test('without an end it follows now', () => {
    expect(edgesOf({ spanMs: 60_000 }, now)).toEqual({ start: 940_000, end: now });
  });

  test('zooming keeps the instant under the pointer where it is', () => {
    const viewport = zoomed({ spanMs: 100_000, endMs: 500_000 }, 0.5, 425_000, now);
    expect(viewport).toEqual({ spanMs: 50_000, endMs: 462_500 });
    const { start, end } = edgesOf(viewport, now);
    expect((425_000 - start) / (end - start)).toBe(0.25);
  });

  test('panning into the past holds it there; back to the edge follows now again', () => {
    const past = panned({ spanMs: 60_000 }, -10_000, now);
    expect(past).toEqual({ spanMs: 60_000, endMs: 990_000 });
    expect(panned(past, 10_000, now)).toEqual({ spanMs: 60_000 });
  });

  test('it is never shorter than five seconds', () => {
    expect(zoomed({ spanMs: 6000, endMs: 500_000 }, 0.01, 497_000, now).spanMs).toBe(5000);
  });
});

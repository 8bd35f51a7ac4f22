import { describe, expect, test } from 'vitest';
import { toColumns } from '../../../dashboards/series/columns.ts';
import { SeriesRing } from '../../../dashboards/series/ring.ts';

function ringOf(times: readonly number[]): SeriesRing {
  const ring = new SeriesRing({ capacity: 100 });
  for (const at of times) ring.addReading(at, at / 1000);
  return ring;
}

describe('Columns for a chart', () => {
  test('a long pause becomes a null, so that the line breaks', () => {
    const { times, series } = toColumns([ringOf([1000, 2000, 3000, 60_000, 61_000])], {
      start: 0,
      end: 100_000,
    });
    expect(series[0]?.mean).toEqual([1, 2, 3, null, 60, 61]);
    expect(times[3]).toBeGreaterThan(3);
    expect(times[3]).toBeLessThan(60);
  });

  test('history that is coarser than live is a line, not a row of gaps', () => {
    const coarse = Array.from({ length: 10 }, (_, index) => index * 60_000);
    const fine = Array.from({ length: 60 }, (_, index) => 600_000 + index * 1000);
    const { series } = toColumns([ringOf([...coarse, ...fine])], { start: 0, end: 700_000 });
    expect(series[0]?.mean).not.toContain(null);
  });

  test('series of one chart share one axis; another series’ instant is no gap', () => {
    const { times, series } = toColumns([ringOf([1000, 3000]), ringOf([2000, 3000])], {
      start: 0,
      end: 9000,
    });
    expect(times).toEqual([1, 2, 3]);
    expect(series[0]?.mean).toEqual([1, undefined, 3]);
    expect(series[1]?.mean).toEqual([undefined, 2, 3]);
  });

  test('gives only what the range shows, and one point on each side of it', () => {
    const { times } = toColumns([ringOf([1000, 2000, 3000, 4000, 5000])], { start: 2500, end: 3500 });
    expect(times).toEqual([2, 3, 4]);
  });

  test('nothing measured is nothing drawn', () => {
    expect(toColumns([ringOf([])], { start: 0, end: 1 })).toEqual({
      times: [],
      series: [{ mean: [], min: [], max: [] }],
    });
  });

  test('where more points than pixels lie, neighbours become one, and the spike of a single one is kept', () => {
    const ring = new SeriesRing({ capacity: 10_000 });
    for (let at = 0; at < 10_000; at += 1) ring.addReading(at * 100, at === 4711 ? 99 : 1);
    const { times, series } = toColumns([ring], { start: 0, end: 1_000_000 }, 500);
    expect(times.length).toBeLessThanOrEqual(502);
    expect(Math.max(...(series[0]?.max ?? []).map(Number))).toBe(99);
    expect(series[0]?.mean).not.toContain(null);
  });

  test('a picture that moves on keeps its points: nothing flickers', () => {
    const ring = new SeriesRing({ capacity: 10_000 });
    for (let at = 0; at < 10_000; at += 1) ring.addReading(at * 100, Math.sin(at));
    const pointsOf = (start: number): Map<number, unknown> => {
      const { times, series } = toColumns([ring], { start, end: start + 500_000 }, 100);
      return new Map(times.map((time, index) => [time, series[0]?.mean[index]]));
    };
    const [now, later] = [pointsOf(100_000), pointsOf(110_000)];
    const shared = [...later].filter(([time]) => now.has(time)).slice(1, -1);
    expect(shared.length).toBeGreaterThan(90);
    for (const [time, mean] of shared) expect(now.get(time)).toBe(mean);
  });
});

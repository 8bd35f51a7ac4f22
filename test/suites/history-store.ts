/**
 * What every history answers alike, wherever the readings lie. Each store runs these cases against itself, after
 * having taken the readings in; what a database cannot keep, its `keeps` says, and the case is left out.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { Reading } from '#contract/reading.ts';
import type { HistoryAnswer, HistorySeries } from '#contract/view.ts';
import type { RangeQuery, ReadingStore } from '#ports';

export interface StoreUnderTest {
  readonly readings: ReadingStore;
  /** Resolves when a query finds them. */
  write(readings: readonly Reading[]): Promise<void>;
}

/** What the store can keep of a reading. */
export interface Keeps {
  /** Several different values of one series at one instant. */
  readonly severalAtOneInstant: boolean;
  /** Readings without a value, quality bad. */
  readonly nothing: boolean;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.parse('2026-06-01T12:00:00Z');
const spikeAt = 4321;

function reading(value: Reading['value'], afterMs: number, fields: Partial<Reading> = {}): Reading {
  const names = { group: 'home', device: 'meter', metric: 'power' };
  const timeUs = Math.round((start + afterMs) * 1000);
  return { ...names, timeUs, value, quality: 'good', stampedBy: 'device', ...fields };
}

/** Two hours of one reading a second, its number as its value; one of them is a spike. */
const everySecond = Array.from({ length: 7200 }, (_, second) =>
  reading(second === spikeAt ? 1e6 : second, second * 1000),
);
const early = everySecond.slice(0, 3600).filter(({ timeUs }) => timeUs % 2_000_000 === 0);
const late = everySecond.filter((one) => !early.includes(one)).toReversed();

const others: readonly Reading[] = [
  reading('off', 0, { metric: 'state' }),
  reading('on', 90_000, { metric: 'state' }),
  reading(true, 1000, { metric: 'open' }),
  reading(false, 2000, { metric: 'open' }),
  reading(21.5, 0.5, { metric: 'temperature', quality: 'uncertain' }),
  reading(22, 10 * minute, { metric: 'temperature' }),
  reading(1, 0, { device: 'host', metric: 'cpu.idle', tags: { cpu: 'cpu0' } }),
  reading(2, 0, { device: 'host', metric: 'cpu.idle', tags: { cpu: 'cpu1' } }),
  reading(3, 0, { device: 'host', metric: 'cpu.user', tags: { cpu: 'cpu0' } }),
  reading(9, 0, { group: 'farm' }),
];
/** Late, out of order and twice. */
const batches = [early, others, late, early.slice(0, 100), others];

/** @param open called once, before the first case */
export function historyStoreCases(open: () => Promise<StoreUnderTest>, keeps: Keeps): void {
  let store: StoreUnderTest;
  beforeAll(async () => {
    store = await open();
    for (const batch of batches) await store.write(batch);
  }, 60_000);

  const ask = (query: Partial<RangeQuery> = {}): Promise<HistoryAnswer> =>
    store.readings.query('home', {
      devices: ['meter'],
      metrics: ['power'],
      start,
      end: start + 2 * hour,
      ...query,
    });
  const one = async (query: Partial<RangeQuery> = {}): Promise<HistorySeries | undefined> =>
    (await ask(query)).series[0];

  describe('Raw points', () => {
    test('include the start of the range and exclude its end', async () => {
      const { points } = (await one({ start: start + 1000, end: start + 3000 })) ?? {};
      expect(points).toEqual([
        [start + 1000, 1],
        [start + 2000, 2],
      ]);
    });

    test('are there once and in order, though they came late, doubled and out of order', async () => {
      const { points = [] } = (await one()) ?? {};
      expect(points.map(([time]) => time)).toEqual(everySecond.map(({ timeUs }) => timeUs / 1000));
      expect(points.map(([, value]) => value)).toEqual(everySecond.map(({ value }) => value));
    });

    test('of several series are cut to the oldest of all together, and say so', async () => {
      const answer = await ask({ devices: ['host', 'meter'], metrics: ['cpu.idle', 'power'], limit: 3 });
      expect(answer.truncated).toBe(true);
      expect(answer.series.map(({ device, points }) => [device, points?.length])).toEqual([
        ['host', 1],
        ['host', 1],
        ['meter', 1],
      ]);
      expect((await ask({ end: start + 3000, limit: 3 })).truncated).toBe(false);
    });

    test('are numbers, texts and switches, with quality and fractions of a millisecond', async () => {
      const { series } = await ask({ metrics: ['open', 'state', 'temperature'] });
      expect(series).toEqual([
        {
          device: 'meter',
          metric: 'open',
          points: [
            [start + 1000, true],
            [start + 2000, false],
          ],
        },
        {
          device: 'meter',
          metric: 'state',
          points: [
            [start, 'off'],
            [start + 90_000, 'on'],
          ],
        },
        {
          device: 'meter',
          metric: 'temperature',
          points: [
            [start + 0.5, 21.5, 'uncertain'],
            [start + 10 * minute, 22],
          ],
        },
      ]);
    });

    test.runIf(keeps.severalAtOneInstant)(
      'of one instant are all there when their values differ',
      async () => {
        const twice = { metric: 'gas' };
        await store.write([reading(1, 0, twice), reading(2, 0, twice), reading(1, 0, twice)]);
        expect((await one({ metrics: ['gas'] }))?.points).toEqual([
          [start, 1],
          [start, 2],
        ]);
      },
    );

    test.runIf(keeps.nothing)('without a value are bad and null', async () => {
      await store.write([reading(null, 0, { metric: 'broken', quality: 'bad' })]);
      expect((await one({ metrics: ['broken'] }))?.points).toEqual([[start, null, 'bad']]);
      const counted = await one({
        metrics: ['broken'],
        window: minute,
        aggregates: ['count', 'mean', 'last'],
      });
      expect(counted?.rows).toEqual([[start, 0, null, null]]);
    });
  });

  describe('Which series', () => {
    test('differ by their tags, and are sorted by device, metric and tags', async () => {
      const { series } = await ask({ devices: ['host'], metrics: ['cpu.*'] });
      expect(series.map(({ metric, tags, points }) => [metric, tags, points?.[0]?.[1]])).toEqual([
        ['cpu.idle', { cpu: 'cpu0' }, 1],
        ['cpu.idle', { cpu: 'cpu1' }, 2],
        ['cpu.user', { cpu: 'cpu0' }, 3],
      ]);
    });

    test('are those of the group and devices that were named, with a reading in the range', async () => {
      expect((await ask({ devices: ['nobody'] })).series).toEqual([]);
      expect((await ask({ start: start - day, end: start })).series).toEqual([]);
      expect((await ask({ start: start - day, end: start, window: hour })).series).toEqual([]);
      const anyMetric = { devices: ['host'], start, end: start + 1 };
      expect((await store.readings.query('home', anyMetric)).series).toHaveLength(3);
    });
  });

  describe('Buckets', () => {
    for (const window of [minute / 6, minute, 10 * minute, hour, day])
      test(`of ${window / 1000} s have the spike of one reading as their maximum`, async () => {
        const { buckets = [] } = (await one({ window })) ?? {};
        expect(Math.max(...buckets.map(([, , max]) => max ?? 0))).toBe(1e6);
        expect(buckets.reduce((sum, [, , , , count]) => sum + count, 0)).toBe(7200);
      });

    test('count only what lies in the range, also at ends that are no whole minute', async () => {
      const answer = await ask({ start: start + 30_000, end: start + 150_500, window: minute });
      expect(answer.window).toBe(minute);
      expect(answer.series[0]?.buckets).toEqual([
        [start, 30, 59, 44.5, 30, 59],
        [start + minute, 60, 119, 89.5, 60, 119],
        [start + 2 * minute, 120, 150, 135, 31, 150],
      ]);
    });

    test('have the aggregates that were asked for, in that order', async () => {
      const { rows } =
        (await one({
          start: start + 30_000,
          end: start + 3 * minute,
          window: 2 * minute,
          aggregates: ['count', 'first', 'sum', 'max', 'min', 'last', 'mean'],
        })) ?? {};
      expect(rows).toEqual([
        [start, 90, 30, 6705, 119, 30, 119, 74.5],
        [start + 2 * minute, 60, 120, 8970, 179, 120, 179, 149.5],
      ]);
    });

    test('of texts have a first and a last value, a count, and no numbers', async () => {
      const aggregates = ['first', 'last', 'count', 'mean', 'max'] as const;
      expect((await one({ metrics: ['state'], window: hour, aggregates }))?.rows).toEqual([
        [start, 'off', 'on', 2, null, null],
      ]);
      expect((await one({ metrics: ['state'], window: minute }))?.buckets).toEqual([
        [start, null, null, null, 1, 'off'],
        [start + minute, null, null, null, 1, 'on'],
      ]);
    });

    test('of one width over everything count the whole range', async () => {
      const window = Math.ceil((start + 3 * hour) / day) * day;
      expect((await one({ start: start + 1000, window, aggregates: ['count'] }))?.rows).toEqual([[0, 7199]]);
    });
  });

  test('More buckets than one answer may hold, of all its series together, are refused', async () => {
    const each = Math.ceil((limits.historyBuckets + 1) / 3);
    const wide = ['a', 'b', 'c'].flatMap((device) =>
      Array.from({ length: each }, (_, second) => reading(second, second * 1000, { device, metric: 'wide' })),
    );
    for (let from = 0; from < wide.length; from += 5000) await store.write(wide.slice(from, from + 5000));
    const range = { metrics: ['wide'], end: start + each * 1000, window: 1000 };
    const { series } = await ask({ ...range, devices: ['a', 'b'] });
    expect(series.map(({ buckets }) => buckets?.length)).toEqual([each, each]);
    const refused = { status: 422, code: 'too-many-points' };
    await expect(ask({ ...range, devices: ['a', 'b', 'c'] })).rejects.toMatchObject(refused);
  });

  describe('The last value at a time', () => {
    test('is the newest at or before it, of each series', async () => {
      const { series } = await store.readings.lastAt('home', {
        devices: ['host', 'meter'],
        at: start + 90_000,
      });
      const shown = series.filter(({ metric }) =>
        ['cpu.idle', 'open', 'power', 'state', 'temperature'].includes(metric),
      );
      expect(shown).toEqual([
        { device: 'host', metric: 'cpu.idle', tags: { cpu: 'cpu0' }, point: [start, 1] },
        { device: 'host', metric: 'cpu.idle', tags: { cpu: 'cpu1' }, point: [start, 2] },
        { device: 'meter', metric: 'open', point: [start + 2000, false] },
        { device: 'meter', metric: 'power', point: [start + 90_000, 90] },
        { device: 'meter', metric: 'state', point: [start + 90_000, 'on'] },
        { device: 'meter', metric: 'temperature', point: [start + 0.5, 21.5, 'uncertain'] },
      ]);
    });

    test('leaves out a series that had none yet, and is the newest of all without a time', async () => {
      const before = await store.readings.lastAt('home', {
        devices: ['meter'],
        metrics: ['open'],
        at: start,
      });
      expect(before.series).toEqual([]);
      const { series } = await store.readings.lastAt('home', { devices: ['meter'], metrics: ['power'] });
      expect(series[0]?.point).toEqual([start + 7_199_000, 7199]);
    });
  });
}

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reading } from '#contract/reading.ts';
import type { BucketPoint, HistoryAnswer, HistoryQuery, RawPoint } from '#contract/view.ts';
import { openForWriting } from '../../../hub/store/database.ts';
import { FineTier } from '../../../hub/store/fine.ts';
import { Merge } from '../../../hub/store/merge.ts';
import { reading, t0, TemporaryFile } from './temporary-file.ts';

const everything = { devices: ['meter'], start: t0 / 1000 - 86_400_000, end: t0 / 1000 + 86_400_000 };

function ask(file: TemporaryFile, query: Partial<HistoryQuery> = {}): HistoryAnswer {
  const answer = file.read.history('home', { ...everything, ...query });
  if (!('series' in answer)) throw new Error('too much');
  return answer;
}

/** What history must say of these readings, told the slow way. */
class Model {
  readonly #kept = new Map<string, Reading[]>();

  add(...readings: readonly Reading[]): void {
    for (const one of readings) {
      const list = this.#kept.get(one.metric) ?? [];
      this.#kept.set(one.metric, list);
      if (!list.some(({ timeUs, value }) => timeUs === one.timeUs && value === one.value)) list.push(one);
      list.sort((a, b) => a.timeUs - b.timeUs);
    }
  }

  points(): Record<string, RawPoint[]> {
    return this.#each((list) => list.map(({ timeUs, value }): RawPoint => [timeUs / 1000, value]));
  }

  buckets(widthMs: number): Record<string, BucketPoint[]> {
    return this.#each((list) => {
      const starts = Map.groupBy(list, ({ timeUs }) => Math.floor(timeUs / 1000 / widthMs) * widthMs);
      return [...starts].map(([start, inBucket]): BucketPoint => {
        const numbers = inBucket.map(({ value }) => value).filter((value) => typeof value === 'number');
        const last = inBucket.at(-1)?.value ?? null;
        const count = inBucket.filter(({ value }) => value !== null).length;
        if (numbers.length === 0) return [start, null, null, null, count, last];
        const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
        return [start, Math.min(...numbers), Math.max(...numbers), mean, count, last];
      });
    });
  }

  #each<Point>(show: (list: readonly Reading[]) => Point[]): Record<string, Point[]> {
    return Object.fromEntries(
      [...this.#kept]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([metric, list]) => [metric, show(list)]),
    );
  }
}

function pointsOf(answer: HistoryAnswer) {
  return Object.fromEntries(answer.series.map(({ metric, points }) => [metric, points]));
}

function bucketsOf(answer: HistoryAnswer) {
  return Object.fromEntries(answer.series.map(({ metric, buckets }) => [metric, buckets]));
}

describe('Late, doubled and out-of-order readings', () => {
  test('an equal value at the same instant is one reading, a different one is kept, in every tier', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1), reading(2)] });
    file.mergeAll();
    await file.append({ readings: [reading(2), reading(1), reading(3)] });
    for (const state of ['hot', 'merged']) {
      expect(pointsOf(ask(file)), state).toEqual({
        power: [
          [t0 / 1000, 1],
          [t0 / 1000, 2],
          [t0 / 1000, 3],
        ],
      });
      for (const window of [1000, 60_000, 3_600_000])
        expect(bucketsOf(ask(file, { window })), `${state} ${window}`).toEqual({
          power: [[t0 / 1000, 1, 3, 2, 3, 3]],
        });
      file.mergeAll();
    }
  });
});

describe('In the middle of a merge', () => {
  const minutes = fc.integer({ min: 0, max: 200 });
  const anyReading = fc.record({
    metric: fc.constantFrom('power', 'state', 'energy'),
    timeUs: minutes.map((half) => t0 + half * 30_000_000),
    value: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom('on', 'off', true, false)),
  });
  const step = fc.oneof(
    fc.array(anyReading, { minLength: 1, maxLength: 30 }).map((readings) => ({ readings })),
    fc.record({ slices: fc.integer({ min: 1, max: 4 }), rows: fc.integer({ min: 1, max: 12 }) }),
  );

  test('and after a crash there, history shows every reading exactly once, in every tier', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        const file = new TemporaryFile();
        const model = new Model();
        let head = 0;
        for (const next of steps) {
          if ('readings' in next) {
            const readings = next.readings.map(({ value, ...fields }) => reading(value, fields));
            const [commit] = await file.append({ readings });
            head = commit?.offset ?? head;
            model.add(...readings);
          } else mergeSlices(file, head, next);
          expect(pointsOf(ask(file))).toEqual(model.points());
          for (const window of [60_000, 3_600_000, 7 * 60_000])
            expect(bucketsOf(ask(file, { window }))).toEqual(closeTo(model.buckets(window)));
        }
        file.close();
      }),
      { numRuns: 25 },
    );
  });
});

/** A merge that is forgotten after some slices, as by a crash. */
function mergeSlices(
  file: TemporaryFile,
  head: number,
  { slices, rows }: { slices: number; rows: number },
): void {
  const database = openForWriting(file.file);
  const merge = new Merge(database, new FineTier(database));
  // The first step loads what few rows there are.
  for (let slice = 0; slice <= slices; slice += 1) if (!merge.step(head, rows)) break;
  database.close();
}

/** Sums are added in another order, so means may differ in the last bit. */
function closeTo(buckets: Record<string, BucketPoint[]>) {
  return Object.fromEntries(Object.entries(buckets).map(([metric, list]) => [metric, list.map(loosely)]));
}

function loosely([time, min, max, mean, count, last]: BucketPoint) {
  return [time, min, max, mean === null ? null : expect.closeTo(mean, 9), count, last] as const;
}

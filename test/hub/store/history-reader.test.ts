import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { HistoryAnswer, HistoryQuery } from '#contract/view.ts';
import { reading, t0, TemporaryFile } from './temporary-file.ts';

const startMs = t0 / 1000;
const day = 86_400_000;

function ask(file: TemporaryFile, query: Partial<HistoryQuery> = {}): HistoryAnswer {
  const range = { devices: ['meter'], start: startMs, end: startMs + day };
  return file.read.history('home', { ...range, ...query }) as HistoryAnswer;
}

/** One reading a second, its number as its value. */
function everySecond(count: number) {
  return Array.from({ length: count }, (_, second) => reading(second, { timeUs: t0 + second * 1_000_000 }));
}

describe('Raw points', () => {
  test('include the start of the range and exclude its end', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: everySecond(5) });
    const answer = ask(file, { start: startMs + 1000, end: startMs + 3000 });
    expect(answer.series[0]?.points).toEqual([
      [startMs + 1000, 1],
      [startMs + 2000, 2],
    ]);
  });

  test('tell a quality that is not good, and fractions of a millisecond', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(null, { timeUs: t0 + 1 })] });
    expect(ask(file).series[0]?.points).toEqual([[startMs + 0.001, null, 'bad']]);
  });

  test('are cut to the oldest of all series together, and say so', async () => {
    const file = new TemporaryFile();
    await file.append({
      readings: everySecond(3).flatMap((each) => [each, { ...each, metric: 'voltage' }]),
    });
    const answer = ask(file, { limit: 3 });
    expect(answer.truncated).toBe(true);
    expect(answer.series.map(({ metric, points }) => [metric, points?.length])).toEqual([
      ['power', 2],
      ['voltage', 1],
    ]);
    expect(ask(file, { limit: 6 }).truncated).toBe(false);
  });

  test('of readings that are merged and that are not yet come in one order', async () => {
    const file = new TemporaryFile();
    const [first, second, third] = everySecond(3);
    await file.append({ readings: [first!, third!] });
    file.mergeAll();
    await file.append({ readings: [second!] });
    expect(ask(file).series[0]?.points?.map(([, value]) => value)).toEqual([0, 1, 2]);
  });
});

test('An answer says which offsets it holds, merged or not', async () => {
  const file = new TemporaryFile();
  expect(ask(file).offset).toBe(0);
  await file.append({ readings: everySecond(3) });
  expect(ask(file, { maxPoints: 1 }).offset).toBe(3);
  file.mergeAll();
  expect(ask(file).offset).toBe(3);
  await file.append({ readings: [reading(9, { device: 'other' })] });
  expect(ask(file).offset).toBe(4);
});

describe('Buckets', () => {
  test('a spike of one reading is in its bucket, however wide', async () => {
    const file = new TemporaryFile();
    const readings = everySecond(7200);
    readings[4000] = reading(1e6, { timeUs: t0 + 4000 * 1_000_000 });
    await file.append({ readings });
    file.mergeAll();
    for (const window of [60_000, 600_000, 3_600_000, day]) {
      const maxima = ask(file, { window }).series[0]?.buckets?.map(([, , max]) => max);
      expect(Math.max(...(maxima ?? []).map(Number))).toBe(1e6);
    }
  });

  test('count only what lies in the range, also at ends that are no whole minute', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: everySecond(600) });
    file.mergeAll();
    const { series, window } = ask(file, { start: startMs + 30_000, end: startMs + 150_500, window: 60_000 });
    expect(window).toBe(60_000);
    expect(series[0]?.buckets).toEqual([
      [startMs, 30, 59, 44.5, 30, 59],
      [startMs + 60_000, 60, 119, 89.5, 60, 119],
      [startMs + 120_000, 120, 150, 135, 31, 150],
    ]);
  });

  test('count every reading, however many and however many of one instant', async () => {
    const file = new TemporaryFile();
    const readings = Array.from({ length: 9000 }, (_, index) =>
      reading(index, { timeUs: t0 + Math.floor(index / 3) * 1000 }),
    );
    await file.append({ readings });
    file.mergeAll();
    expect(ask(file, { window: 10_000 }).series[0]?.buckets).toEqual([
      [startMs, 0, 8999, 4499.5, 9000, 8999],
    ]);
  });

  test('of texts and switches have a count, a last value and no numbers', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading('off'), reading('on', { timeUs: t0 + 1 })] });
    file.mergeAll();
    expect(ask(file, { window: 60_000 }).series[0]?.buckets).toEqual([[startMs, null, null, null, 2, 'on']]);
  });
});

describe('Which series', () => {
  test('are those of the group, the devices and the metrics that were named', async () => {
    const file = new TemporaryFile();
    const others = [{ group: 'farm' }, { device: 'other' }, { metric: 'voltage' }];
    await file.append({ readings: [reading(1), ...others.map((fields) => reading(2, fields))] });
    expect(ask(file, { metrics: ['power'] }).series).toMatchObject([{ device: 'meter', metric: 'power' }]);
    expect(ask(file, { devices: ['nobody'] }).series).toEqual([]);
  });

  test('may be named by a pattern of their metrics', async () => {
    const file = new TemporaryFile();
    const metrics = ['cpu.usage_idle', 'cpu.usage_user', 'mem.free'];
    await file.append({ readings: metrics.map((metric, index) => reading(index, { metric })) });
    const found = (wanted: string[]): string[] =>
      ask(file, { metrics: wanted }).series.map(({ metric }) => metric);
    expect(found(['cpu.*'])).toEqual(['cpu.usage_idle', 'cpu.usage_user']);
    expect(found(['*.free', 'cpu.usage_user'])).toEqual(['cpu.usage_user', 'mem.free']);
  });

  test('differ by their tags', async () => {
    const file = new TemporaryFile();
    await file.append({
      readings: [reading(1, { tags: { cpu: '0' } }), reading(2, { tags: { cpu: '1' } }), reading(3)],
    });
    expect(ask(file).series.map(({ tags, points }) => [tags, points?.[0]?.[1]])).toEqual([
      [undefined, 3],
      [{ cpu: '0' }, 1],
      [{ cpu: '1' }, 2],
    ]);
  });

  test('without a reading in the range are left out', async () => {
    const file = new TemporaryFile();
    await file.append({ readings: [reading(1)] });
    expect(ask(file, { start: startMs + 1, end: startMs + day }).series).toEqual([]);
    expect(ask(file, { start: startMs + 1, window: 1000 }).series).toEqual([]);
  });

  test('may not be more than one query can show', async () => {
    const file = new TemporaryFile();
    const readings = Array.from({ length: limits.historySeries + 1 }, (_, index) =>
      reading(1, { metric: `m${index}` }),
    );
    await file.append({ readings });
    expect(ask(file)).toEqual({ tooManySeries: limits.historySeries + 1 });
  });
});

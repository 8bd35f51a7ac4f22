import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RetentionRule } from '#contract/retention-rules.ts';
import type { HistoryAnswer } from '#contract/view.ts';
import type { FromThread } from '../../../hub/store/messages.ts';
import { event, reading, t0, TemporaryFile } from './temporary-file.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** The newest reading of the tests is a minute before. */
const now = t0 / 1000 + 30 * day;
const keepAll = { retentionDays: 400, keepMs: 0, keepBytes: 0 };

/** One reading a minute over the last `days` days. */
function everyMinute(days: number, fields: Parameters<typeof reading>[1] = {}) {
  const minutes = days * 1440;
  return Array.from({ length: minutes }, (_, index) =>
    reading(index, { timeUs: (now - (minutes - index) * 60_000) * 1000, ...fields }),
  );
}

function count(file: TemporaryFile, group = 'home'): number {
  const query = { devices: ['meter'], start: 0, end: now + day, window: 100_000 * day };
  const answer = file.read.history(group, { ...query, aggregates: ['count'] }) as HistoryAnswer;
  return answer.series.reduce((sum, { rows }) => sum + Number(rows?.[0]?.[1] ?? 0), 0);
}

function setRules(file: TemporaryFile, rules: readonly RetentionRule[]): void {
  file.call('setRetention', rules);
}

function droppedOf(replies: readonly FromThread[]): Record<string, number> {
  const dropped: Record<string, number> = {};
  for (const reply of replies)
    if (reply.kind === 'dropped') dropped[reply.table] = (dropped[reply.table] ?? 0) + reply.by;
  return dropped;
}

describe('History that is too old', () => {
  test('goes by whole hours, is counted, and the rest stays exact in every tier', async () => {
    const file = new TemporaryFile({ ...keepAll, retentionDays: 2 });
    await file.append({ readings: everyMinute(5) });
    file.mergeAll();
    file.writer.tick(0, now + 30 * 60_000);
    expect(droppedOf(file.tend())).toEqual({ 'expired-readings': 3 * 1440 });
    expect(count(file)).toBe(2 * 1440);
    for (const window of [60_000, hour, day]) {
      const answer = file.read.history('home', {
        devices: ['meter'],
        start: 0,
        end: now,
        window,
      }) as HistoryAnswer;
      const total = answer.series[0]?.buckets?.reduce((sum, bucket) => sum + bucket[4], 0);
      expect(total).toBe(2 * 1440);
    }
  });

  test('is no longer counted from the moment that its deletion begins', async () => {
    const file = new TemporaryFile({ ...keepAll, retentionDays: 1 });
    await file.append({ readings: everyMinute(10) });
    file.mergeAll();
    file.writer.tick(0, now);
    const counts = new Set<number>();
    while (file.writer.tend().more) counts.add(count(file));
    expect([...counts]).toEqual([14_400, 1440]);
  });

  test('goes on where it was after a restart in the middle', async () => {
    const file = new TemporaryFile({ ...keepAll, retentionDays: 1 });
    await file.append({ readings: everyMinute(10) });
    file.mergeAll();
    file.writer.tick(0, now);
    for (let piece = 0; piece < 3; piece += 1) file.writer.tend();
    file.reopen();
    expect(count(file)).toBe(1440);
    file.writer.tick(0, now);
    file.tend();
    expect(count(file)).toBe(1440);
    expect(file.read.lastAt('home', { devices: ['meter'], at: now - 2 * day })).toEqual({ series: [] });
  });

  test('is of a group and a metric, as the rules say', async () => {
    const file = new TemporaryFile(keepAll);
    const series = [{ group: 'home' }, { group: 'farm' }, { group: 'farm', metric: 'vibration.x' }];
    await file.append({ readings: series.flatMap((fields) => everyMinute(3, fields)) });
    file.mergeAll();
    file.writer.tick(0, now);
    file.tend();
    expect([count(file), count(file, 'farm')]).toEqual([3 * 1440, 6 * 1440]);
    setRules(file, [{ metric: 'vibration.*', days: 1 }, { group: 'farm', days: 2 }, { days: null }]);
    file.writer.tick(1000, now);
    file.tend();
    expect([count(file), count(file, 'farm')]).toEqual([3 * 1440, 3 * 1440]);
    expect(file.read.retention()).toHaveLength(3);
  });

  test('may hold more readings of one instant than a piece', async () => {
    const file = new TemporaryFile({ ...keepAll, retentionDays: 1 });
    const old = Array.from({ length: 5000 }, (_, index) =>
      reading(index, { timeUs: (now - 5 * day) * 1000 }),
    );
    await file.append({ readings: old });
    file.mergeAll();
    file.writer.tick(0, now);
    expect(droppedOf(file.tend())).toEqual({ 'expired-readings': 5000 });
  });

  test('makes room that is used again', async () => {
    const file = new TemporaryFile({ ...keepAll, retentionDays: 1, checkpointBytes: 0 });
    const sizes: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const shifted = everyMinute(5).map((one) => ({ ...one, timeUs: one.timeUs + round * 5 * day * 1000 }));
      await file.append({ readings: shifted });
      file.mergeAll();
      file.writer.tick(round * hour * 6, now + round * 5 * day);
      for (let hours = 0; hours < 6; hours += 1) {
        file.writer.tick((round * 6 + hours) * hour, now + round * 5 * day);
        file.tend();
      }
      sizes.push(statSync(file.file).size);
    }
    expect(sizes.at(-1)).toBeLessThan((sizes[1] ?? 0) * 1.1);
  });
});

describe('The clock of retention', () => {
  test('a jump of 400 days takes a day an hour at most, and none by restarting', async () => {
    const file = new TemporaryFile({ ...keepAll, retentionDays: 10 });
    await file.append({ readings: everyMinute(5) });
    file.mergeAll();
    file.writer.tick(0, now);
    file.tend();
    for (let start = 0; start < 3; start += 1) {
      file.reopen();
      file.writer.tick(0, now + 400 * day);
      file.tend();
    }
    expect(count(file)).toBe(5 * 1440);
    for (let hours = 1; hours <= 6; hours += 1) {
      file.writer.tick(hours * hour, now + 400 * day);
      file.tend();
    }
    // Six days later by then: of the five days that ended ten days before, one is gone.
    expect(count(file)).toBe(4 * 1440);
  });
});

describe('Events', () => {
  test('go by the rule of their group, but none whose offset could be given again', async () => {
    const file = new TemporaryFile({ ...keepAll, retentionDays: 1 });
    const old = (name: string) => event(name, { timeUs: (now - 5 * day) * 1000 });
    await file.append({ events: [old('one'), old('two')], readings: [reading(1, { timeUs: now * 1000 })] });
    file.mergeAll();
    await file.append({ events: [old('three')] });
    file.writer.tick(0, now);
    expect(droppedOf(file.tend())).toEqual({ 'expired-events': 2 });
    const { head } = file.writer.ready;
    expect(head).toBe(0);
    file.reopen();
    expect(file.writer.ready.head).toBe(4);
    const [commit] = await file.append({ events: [event('four')] });
    expect(commit?.eventOffsets).toEqual([5]);
  });
});

import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { BucketPoint, HistoryAnswer, HistoryQuery } from '#contract/view.ts';
import type { EventQuery, HistoryStore } from '#ports';
import { HistoryService } from '../../../hub/history/history.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const hour = 3_600_000;

class AskedStore implements HistoryStore {
  readonly asked: (HistoryQuery | EventQuery)[] = [];
  answer: HistoryAnswer = { series: [], truncated: false };

  async query(_group: string, query: HistoryQuery): Promise<HistoryAnswer> {
    this.asked.push(query);
    return this.answer;
  }

  async latest(): Promise<readonly never[]> {
    return [];
  }

  async events(_group: string, query: EventQuery): Promise<readonly never[]> {
    this.asked.push(query);
    return [];
  }
}

function service() {
  const store = new AskedStore();
  return { store, history: new HistoryService({ store, clock: new ManualClock(now) }) };
}

const devices = ['meter'];

describe('Raw or buckets', () => {
  test('without a width or a number of points: raw, bounded', async () => {
    const { store, history } = service();
    await history.query('home', { devices, metrics: ['power'], start: now - hour, end: now });
    expect(store.asked).toEqual([
      { devices, metrics: ['power'], start: now - hour, end: now, limit: limits.historyPoints },
    ]);
  });

  test('a number of points becomes a width', async () => {
    const { store, history } = service();
    await history.query('home', { devices, start: now - hour, end: now, maxPoints: 500 });
    expect(store.asked).toEqual([{ devices, start: now - hour, end: now, window: 10_000 }]);
  });

  test('a width that was asked for is kept', async () => {
    const { store, history } = service();
    await history.query('home', { devices, start: now - hour, end: now, window: 90_000 });
    expect(store.asked).toMatchObject([{ window: 90_000 }]);
  });
});

describe('The end of the range', () => {
  test('is now by default, with what devices whose clocks are ahead date later', async () => {
    const { store, history } = service();
    await history.query('home', { devices, start: now - hour, maxPoints: 500 });
    expect(store.asked).toEqual([
      { devices, start: now - hour, end: now + limits.futureSkewUs / 1000, window: 10_000 },
    ]);
  });

  test('also then there are no more buckets than were asked for: the newest', async () => {
    const { store, history } = service();
    const buckets = [1, 2, 3].map((time): BucketPoint => [time, 1, 1, 1, 1, 1]);
    store.answer = { series: [{ device: 'meter', metric: 'power', buckets }], truncated: false, window: 1 };
    const { series } = await history.query('home', { devices, start: now - hour, maxPoints: 2 });
    expect(series[0]?.buckets).toEqual(buckets.slice(1));
  });
});

describe('What cannot be answered', () => {
  const range = { devices, start: now - hour, end: now };
  for (const [code, query] of [
    ['invalid-range', { ...range, end: now - hour }],
    ['invalid-range', { ...range, start: Number.NaN }],
    ['invalid-range', { ...range, end: Number.POSITIVE_INFINITY }],
    ['invalid-window', { ...range, window: 0 }],
    ['invalid-window', { ...range, window: Number.NaN }],
    ['invalid-limit', { ...range, limit: 0 }],
    ['invalid-limit', { ...range, limit: limits.historyPoints + 1 }],
    ['too-many-points', { ...range, window: 1 }],
  ] as const)
    test(`${JSON.stringify(query)} is ${code}`, async () => {
      const { store, history } = service();
      await expect(history.query('home', query)).rejects.toMatchObject({ name: 'RequestError', code });
      expect(store.asked).toEqual([]);
    });
});

describe('Events', () => {
  test('are asked for by device and range, bounded', async () => {
    const { store, history } = service();
    await history.events('home', { device: 'button', start: 5, end: 9 });
    expect(store.asked).toEqual([{ device: 'button', start: 5, end: 9, limit: 1000 }]);
    await expect(history.events('home', { limit: 1e9 })).rejects.toMatchObject({ code: 'invalid-limit' });
  });
});

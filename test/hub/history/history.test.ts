import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type {
  AggregateRow,
  BucketPoint,
  HistoryAnswer,
  HistoryQuery,
  LastAnswer,
  LastQuery,
} from '#contract/view.ts';
import type { EventQuery, HistoryStore, RangeQuery } from '#ports';
import { HistoryService } from '../../../hub/history/history.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const hour = 3_600_000;

class AskedStore implements HistoryStore {
  readonly asked: (RangeQuery | EventQuery | LastQuery)[] = [];
  answer: HistoryAnswer = { series: [], truncated: false };

  async query(_group: string, query: RangeQuery): Promise<HistoryAnswer> {
    this.asked.push(query);
    return this.answer;
  }

  async lastAt(_group: string, query: LastQuery): Promise<LastAnswer> {
    this.asked.push(query);
    return { series: [] };
  }

  async *latest(): AsyncGenerator<readonly never[]> {
    yield [];
  }

  async events(_group: string, query: EventQuery): Promise<readonly never[]> {
    this.asked.push(query);
    return [];
  }
}

function service() {
  const store = new AskedStore();
  return { store, history: new HistoryService({ store, readings: store, clock: new ManualClock(now) }) };
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

describe('Aggregates', () => {
  const hours = { devices, start: now - 4 * hour, end: now, window: hour };

  test('are asked of the store, and what stands in empty buckets is filled in here', async () => {
    const { store, history } = service();
    const rows: AggregateRow[] = [
      [now - 4 * hour, 1, 3],
      [now - 2 * hour, 5, 1],
    ];
    store.answer = { series: [{ device: 'meter', metric: 'power', rows }], truncated: false, window: hour };
    const aggregates: ('mean' | 'count')[] = ['mean', 'count'];
    const { series } = await history.query('home', { ...hours, aggregates, fill: 'linear' });
    expect(store.asked).toEqual([{ ...hours, aggregates }]);
    expect(series[0]?.rows).toEqual([rows[0], [now - 3 * hour, 3, 0], rows[1], [now - hour, null, 0]]);
  });
});

test('What would be filled in counts as what the answer holds', async () => {
  const { store, history } = service();
  const series = Array.from({ length: 100 }, (_, index) => {
    const rows: AggregateRow[] = [[now - hour, 1]];
    return { device: `d${index}`, metric: 'm', rows };
  });
  store.answer = { series, truncated: false, window: 1000 };
  const query: HistoryQuery = { devices, start: now - hour, end: now, window: 1000, aggregates: ['mean'] };
  expect((await history.query('home', query)).series).toHaveLength(100);
  await expect(history.query('home', { ...query, fill: 'null' })).rejects.toMatchObject({
    status: 422,
    code: 'too-many-points',
  });
});

describe('Pages of raw points', () => {
  const range = { devices, start: now - hour, end: now, limit: 2 };

  test('go on after what was given, also in the middle of an instant', async () => {
    const { store, history } = service();
    const one = { device: 'meter', metric: 'power' };
    store.answer = {
      series: [
        {
          ...one,
          points: [
            [now - 9, 1],
            [now - 8, 2],
          ],
        },
      ],
      truncated: true,
    };
    const first = await history.query('home', range);
    store.answer = {
      series: [
        {
          ...one,
          points: [
            [now - 8, 2],
            [now - 8, 3],
            [now - 7, 4],
          ],
        },
      ],
      truncated: false,
    };
    const second = await history.query('home', { ...range, cursor: first.cursor! });
    expect(store.asked[1]).toEqual({ devices, start: now - 8, end: now, limit: 3 });
    expect(second.series[0]?.points).toEqual([
      [now - 8, 3],
      [now - 7, 4],
    ]);
    expect(second.cursor).toBeUndefined();
  });

  test('follow each other until there is no more', async () => {
    const { store, history } = service();
    store.answer = {
      series: [{ device: 'meter', metric: 'power', points: [[now - 9, 1]] }],
      truncated: true,
    };
    const pages = history.pages('home', range);
    expect((await pages.next()).value).toMatchObject({ truncated: true });
    store.answer = { series: [], truncated: false };
    expect((await pages.next()).value).toMatchObject({ truncated: false });
    expect((await pages.next()).done).toBe(true);
  });
});

describe('The last value at a time', () => {
  test('is asked of the store as it is', async () => {
    const { store, history } = service();
    await history.lastAt('home', { devices, at: now });
    expect(store.asked).toEqual([{ devices, at: now }]);
    await expect(history.lastAt('home', { devices, at: Number.NaN })).rejects.toThrow(/epoch/);
  });
});

describe('What cannot be answered', () => {
  const range = { devices, start: now - hour, end: now };
  const impossible: readonly (readonly [string, HistoryQuery])[] = [
    ['invalid-range', { ...range, end: now - hour }],
    ['invalid-range', { ...range, start: Number.NaN }],
    ['invalid-range', { ...range, end: Number.POSITIVE_INFINITY }],
    ['invalid-window', { ...range, window: 0 }],
    ['invalid-window', { ...range, window: Number.NaN }],
    ['invalid-limit', { ...range, limit: 0 }],
    ['invalid-limit', { ...range, limit: limits.historyPoints + 1 }],
    ['too-many-points', { ...range, window: 1 }],
    ['invalid-aggregates', { ...range, aggregates: ['mean'] }],
    ['invalid-fill', { ...range, maxPoints: 10, fill: 'null' }],
    ['invalid-cursor', { ...range, maxPoints: 10, cursor: '1-1' }],
    ['invalid-cursor', { ...range, cursor: 'yesterday' }],
    ['invalid-cursor', { ...range, cursor: '1-1' }],
  ];
  for (const [code, query] of impossible)
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

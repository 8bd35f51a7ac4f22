import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { Delivery, IncomingReading } from '#ports';
import { Inspector } from '../../../hub/ingest/inspector.ts';
import { StoreSeriesIndex } from '../../../hub/store/series-index.ts';

const now = Date.parse('2026-06-01T12:00:00Z') * 1000;
const source = { edge: 'mqtt', principal: 'p' } as const;

function incoming(value: IncomingReading['value'], fields: Partial<IncomingReading> = {}): IncomingReading {
  return { group: 'home', device: 'meter', metric: 'power', value, ...fields };
}

function inspect(delivery: Partial<Delivery>, inspector = new Inspector(new StoreSeriesIndex([]))) {
  return inspector.inspect({ source, readings: [], ...delivery }, now);
}

describe('A reading on its way in', () => {
  test('keeps its own time and is the device’s', () => {
    const { readings } = inspect({ readings: [incoming(1, { timeUs: now - 5 })] });
    expect(readings).toMatchObject([{ timeUs: now - 5, stampedBy: 'device', quality: 'good' }]);
  });

  test('without a time is stamped by the hub, apart from its neighbours', () => {
    const { readings } = inspect({ readings: [incoming(1), incoming(2), incoming(3, { metric: 'other' })] });
    expect(readings.map(({ timeUs, stampedBy }) => [timeUs - now, stampedBy])).toEqual([
      [0, 'hub'],
      [1, 'hub'],
      [0, 'hub'],
    ]);
  });

  test('of a clock that was never set is stamped by the hub and uncertain', () => {
    const { readings } = inspect({ readings: [incoming(1, { timeUs: 1000 })] });
    expect(readings).toMatchObject([{ timeUs: now, stampedBy: 'hub', quality: 'uncertain' }]);
  });

  test('of a clock that is ahead keeps its time and is at best uncertain', () => {
    const ahead = now + 2 * limits.futureSkewUs;
    const { readings } = inspect({
      readings: [incoming(1, { timeUs: ahead }), incoming(2, { timeUs: ahead, quality: 'bad' })],
    });
    expect(readings).toMatchObject([
      { timeUs: ahead, quality: 'uncertain' },
      { timeUs: ahead, quality: 'bad' },
    ]);
  });

  test('has its tags in order, and an empty tag set is none', () => {
    const { readings } = inspect({
      readings: [incoming(1, { tags: { b: '2', a: '1' } }), incoming(1, { tags: {} })],
    });
    expect(JSON.stringify(readings[0]?.tags)).toBe('{"a":"1","b":"2"}');
    expect(readings[1]?.tags).toBeUndefined();
  });

  test('tags that cannot be written do no harm', () => {
    const { rejected } = inspect({ readings: [incoming(1, { tags: { a: '\ud800' } })] });
    expect(rejected).toMatchObject([{ index: 0, code: 'invalid-tag' }]);
  });

  test('of a known series is not held to the allowance for new ones', () => {
    const series = new StoreSeriesIndex([]);
    const inspector = new Inspector(series);
    for (let index = 0; index < limits.seriesPerDevice; index += 1)
      series.add(incoming(1, { metric: `m${index}` }));
    const { readings, rejected } = inspect(
      { readings: [incoming(1, { metric: 'm5' }), incoming(1)] },
      inspector,
    );
    expect([readings.length, rejected[0]?.code]).toEqual([1, 'too-many-series']);
  });
});

describe('Several parts', () => {
  test('are counted through readings, events and state', () => {
    const { readings, events, state, rejected } = inspect({
      readings: [incoming(1), incoming(1, { id: '' })],
      events: [
        { group: 'home', device: 'button', name: 'press' },
        { group: 'home', device: '', name: 'press' },
      ],
      state: [incoming(1, { metric: '' }), incoming(2)],
    });
    expect([readings.length, events.length, state.length]).toEqual([1, 1, 1]);
    expect(rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'invalid-id'],
      [3, 'invalid-device'],
      [4, 'invalid-metric'],
    ]);
  });

  test('too many are refused without looking at each', () => {
    const readings = Array.from({ length: limits.readingsPerDelivery + 1 }, () => incoming(1));
    expect(inspect({ readings })).toEqual({
      readings: [],
      events: [],
      state: [],
      rejected: [
        { index: 0, code: 'too-many-readings', message: 'One delivery holds at most 1000 readings.' },
      ],
    });
  });
});

describe('Of a denied device', () => {
  const directory = {
    destination: (_group: string, device: string) => (device === 'meter' ? 'denied' : undefined),
  } as const;

  test('nothing enters, and everything says why; others are not concerned', () => {
    const inspector = new Inspector(new StoreSeriesIndex([]), { directory });
    const delivery = {
      readings: [incoming(1), incoming(2, { device: 'other' })],
      events: [{ group: 'home', device: 'meter', name: 'boot' }],
      state: [incoming(3)],
    };
    const { readings, events, state, rejected } = inspect(delivery, inspector);
    expect([readings.length, events.length, state.length]).toEqual([1, 0, 0]);
    expect(rejected.map(({ index, code }) => [index, code])).toEqual([
      [0, 'device-denied'],
      [2, 'device-denied'],
      [3, 'device-denied'],
    ]);
  });
});

describe('An event on its way in', () => {
  test('has arrival as its time when it brings none, and null as its data', () => {
    const { events } = inspect({ events: [{ group: 'home', device: 'button', name: 'press' }] });
    expect(events).toMatchObject([{ timeUs: now, stampedBy: 'hub', data: null }]);
  });
});

describe('What is older than what is kept', () => {
  test('is refused; for how long is asked anew for each delivery', () => {
    let keptUs = 10_000_000;
    const inspector = new Inspector(new StoreSeriesIndex([]), { keptUs: () => keptUs });
    const old = { readings: [incoming(1, { timeUs: now - 20_000_000 })] };
    expect(inspect(old, inspector).rejected).toMatchObject([{ code: 'older-than-retention' }]);
    keptUs = Number.POSITIVE_INFINITY;
    expect(inspect(old, inspector).rejected).toEqual([]);
  });
});

describe('Names of the hub’s own events', () => {
  const events = [{ group: 'home', device: 'meter', name: 'hub:offline' }];

  test('are refused to everybody else', () => {
    expect(inspect({ events }).rejected).toMatchObject([{ code: 'reserved-event-name' }]);
    expect(inspect({ events, source: { edge: 'hub', principal: 'hub' } }).events).toHaveLength(1);
  });
});

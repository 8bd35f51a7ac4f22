import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { ViewSpec } from '#contract/view.ts';
import { LatestValues } from '../../../hub/live/latest-values.ts';
import { tupleFor, viewId, Views, type View } from '../../../hub/live/views.ts';
import { CountersProbe } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { reading } from '../../support/commits.ts';

function setup() {
  const latest = new LatestValues();
  const counters = new CountersProbe();
  const views = new Views({ latest, clock: new ManualClock(), counters, due: () => undefined });
  const add = (fields: Parameters<typeof reading>[1]): void => {
    const { entry, isNew } = latest.take(reading(1, fields));
    if (isNew) views.adopt(entry);
  };
  return { counters, views, add };
}

function covered(view: View): string[] {
  return Array.from(view.series, (entry) => `${entry.group}/${entry.device}/${entry.metric}`).toSorted();
}

describe('The id of a view', () => {
  const same: readonly (readonly [string, ViewSpec, ViewSpec])[] = [
    ['order and repeats do not matter', { devices: ['a', 'b'] }, { devices: ['b', 'a', 'b'] }],
    ['defaults may be said', {}, { mode: 'latest', maxHz: limits.maxHzDefault }],
    ['`*` is everything', { metrics: ['*'] }, {}],
  ];
  for (const [title, one, other] of same)
    test(`${title}: one view`, () => {
      expect(viewId('home', one, undefined)).toBe(viewId('home', other, undefined));
    });

  test('what shows something else has another id', () => {
    const ids = [
      viewId('home', {}, undefined),
      viewId('farm', {}, undefined),
      viewId('*', {}, undefined),
      viewId('*', {}, ['home']),
      viewId('home', { devices: ['a'] }, undefined),
      viewId('home', { metrics: ['a'] }, undefined),
      viewId('home', { mode: 'raw' }, undefined),
      viewId('home', { maxHz: 1 }, undefined),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('The pace of a view', () => {
  test('is that of a screen at most, but for those who need every reading', () => {
    const { views } = setup();
    const refused = expect.objectContaining({ name: 'RequestError', code: 'invalid-request' });
    expect(() => views.join('home', { maxHz: limits.maxHz + 1 }, undefined)).toThrow(refused);
    expect(views.join('home', { maxHz: limits.maxHz }, undefined).conflated).toBe(true);
    expect(views.join('home', { mode: 'raw', maxHz: limits.maxHzRaw }, undefined).conflated).toBe(false);
  });
});

describe('Which series a view covers', () => {
  test('those known when it opens and those that appear later, of its group only', () => {
    const { views, add } = setup();
    add({ device: 'lamp', metric: 'power' });
    const view = views.join('home', { metrics: ['pow*'] }, undefined);
    add({ device: 'meter', metric: 'power' });
    add({ device: 'meter', metric: 'voltage' });
    add({ group: 'farm', metric: 'power' });
    expect(covered(view)).toEqual(['home/lamp/power', 'home/meter/power']);
  });

  test('a view of the fleet covers the groups it names, and says the group in each tuple', () => {
    const { views, add } = setup();
    for (const group of ['home', 'farm', 'lab']) add({ group });
    const view = views.join('*', {}, ['home', 'farm']);
    expect(covered(view)).toEqual(['farm/lamp/power', 'home/lamp/power']);
    expect(tupleFor(view, reading(7))).toEqual(['home/lamp', 'power', 7000, 7]);
  });

  test('a view of the fleet without named groups covers groups to come', () => {
    const { views, add } = setup();
    const view = views.join('*', {}, undefined);
    add({ group: 'new' });
    expect(covered(view)).toEqual(['new/lamp/power']);
  });

  test('a view of the fleet refuses more series than its bound', () => {
    const { views, add } = setup();
    for (let index = 0; index <= limits.seriesPerFleetView; index += 1) add({ metric: `m${index}` });
    expect(() => views.join('*', {}, undefined)).toThrow(
      expect.objectContaining({ name: 'RequestError', code: 'too-many-series' }),
    );
    expect(views.join('home', {}, undefined).series.size).toBe(limits.seriesPerFleetView + 1);
  });

  test('a view of the fleet that is full counts what it does not take', () => {
    const { counters, views, add } = setup();
    const view = views.join('*', {}, undefined);
    for (let index = 0; index <= limits.seriesPerFleetView; index += 1) add({ metric: `m${index}` });
    expect(view.series.size).toBe(limits.seriesPerFleetView);
    expect(counters.counts.get('live/fleet-view-full')).toBe(1);
  });
});

describe('Members', () => {
  test('equal specs share one view until its last member leaves', () => {
    const { views, add } = setup();
    add({});
    const view = views.join('home', {}, undefined);
    expect(views.join('home', { devices: ['*'] }, undefined)).toBe(view);
    views.leave('home', view.id);
    expect(views.find('home', view.id)).toBe(view);
    views.leave('home', view.id);
    expect(views.find('home', view.id)).toBeUndefined();
    expect([...views]).toEqual([]);
    for (const entry of view.series) expect(entry.views).toEqual([]);
  });
});

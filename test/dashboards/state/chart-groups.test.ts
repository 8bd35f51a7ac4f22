import { describe, expect, test } from 'vitest';
import type { DeviceInfo } from '#contract/device.ts';
import { groupSeries, labelOf } from '../../../dashboards/state/chart-groups.ts';

const device: DeviceInfo = {
  group: 'g',
  device: 'd',
  title: 'd',
  labels: {},
  metrics: [
    { metric: 'inside', unit: 'Cel' },
    { metric: 'power', unit: 'W' },
    { metric: 'outside', unit: 'Cel' },
    { metric: 'relay' },
  ],
  controls: [],
  presence: 'online',
  presenceSince: 0,
  reported: {},
};
const drawn = (metric: string) => ({ name: metric, metric });

describe('Which series share a chart', () => {
  test('those of one unit do, in the order of the device; on and off stands alone', () => {
    const groups = groupSeries(
      device,
      ['relay', 'outside', 'power', 'inside'].map(drawn),
      (metric) => metric === 'relay',
    );
    expect(groups.map(({ series }) => series.map(({ name }) => name))).toEqual([
      ['inside', 'outside'],
      ['power'],
      ['relay'],
    ]);
    expect(groups.map(({ isBoolean }) => isBoolean)).toEqual([false, false, true]);
  });

  test('numbers without a unit do not share an axis', () => {
    expect(groupSeries(device, ['a', 'b'].map(drawn), () => false)).toHaveLength(2);
  });

  test('angles share an axis no more than numbers without a unit: a latitude is no course', () => {
    const metrics = ['latitude', 'course'].map((metric) => ({ metric, unit: 'deg' }));
    const groups = groupSeries(
      { ...device, metrics },
      metrics.map(({ metric }) => drawn(metric)),
      () => false,
    );
    expect(groups.map(({ unit, series }) => [unit, series.length])).toEqual([
      ['deg', 1],
      ['deg', 1],
    ]);
  });

  test('tags are part of the label', () => {
    expect(labelOf({ metric: 'cpu' }, { cpu: '0', host: 'a' })).toBe('cpu 0 a');
  });
});

import { describe, expect, test } from 'vitest';
import type { DeviceInfo } from '#contract/device.ts';
import { mainMetrics, mainSwitch } from '../../../dashboards/format/main-metrics.ts';

const device = (parts: Partial<DeviceInfo>): DeviceInfo => ({
  group: 'g',
  device: 'd',
  title: 'd',
  labels: {},
  metrics: [],
  controls: [],
  presence: 'online',
  presenceSince: 0,
  reported: {},
  ...parts,
});
const names = (parts: Partial<DeviceInfo>): string[] =>
  mainMetrics(device(parts)).map(({ metric }) => metric);

describe('What stands for a device on its card', () => {
  test('the world before the device itself: temperature before battery and signal', () => {
    const metrics = [
      { metric: 'rssi' },
      { metric: 'battery', class: 'battery' },
      { metric: 'humidity' },
      { metric: 't', class: 'temperature' },
    ];
    expect(names({ metrics })).toEqual(['t', 'humidity']);
  });

  test('a metric that its switch shows already leaves its place to another', () => {
    const metrics = [{ metric: 'relay' }, { metric: 'flow' }, { metric: 'level' }];
    expect(names({ metrics, controls: [{ name: 'relay', kind: 'switch', metric: 'relay' }] })).toEqual([
      'flow',
      'level',
    ]);
  });

  test('what says nothing alone is shown only when there is nothing else', () => {
    expect(names({ metrics: [{ metric: 'position.lat' }, { metric: 'speed' }, { metric: 'rssi' }] })).toEqual(
      ['speed'],
    );
    expect(names({ metrics: [{ metric: 'battery' }, { metric: 'rssi' }] })).toEqual(['battery', 'rssi']);
  });

  test('unknown metrics keep the order in which the device names them', () => {
    expect(names({ metrics: [{ metric: 'b' }, { metric: 'a' }, { metric: 'c' }] })).toEqual(['b', 'a']);
  });

  test('one switch is the main switch; of two neither is', () => {
    const one = { name: 'relay', kind: 'switch' } as const;
    expect(mainSwitch(device({ controls: [one, { name: 'dim', kind: 'slider' }] }))).toEqual(one);
    expect(mainSwitch(device({ controls: [one, { ...one, name: 'other' }] }))).toBeUndefined();
  });
});

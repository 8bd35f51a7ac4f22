import { expect, test } from 'vitest';
import type { DeviceInfo } from '#contract/device.ts';
import { DeviceFilter } from '../../../dashboards/format/matching.ts';

const probe: DeviceInfo = {
  group: 'greenhouse',
  device: 'bed-07',
  title: 'Bett Süd',
  model: 'soil probe v2',
  labels: { room: 'North hall' },
  metrics: [{ metric: 'moisture', title: 'Feuchte' }],
  controls: [],
  reported: {},
  presence: 'online',
  presenceSince: 0,
};

test('every word of a text must occur somewhere in what a device is', () => {
  const prepared = new WeakMap<DeviceInfo, string>();
  const found = (text: string): boolean => new DeviceFilter(text).matches(probe, prepared);
  for (const text of ['', 'BED', 'süd', 'probe green', 'north', 'feuchte', '  moist  '])
    expect([text, found(text)]).toEqual([text, true]);
  for (const text of ['bed-08', 'probe kitchen']) expect([text, found(text)]).toEqual([text, false]);
});

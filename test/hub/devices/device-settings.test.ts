import { describe, expect, test } from 'vitest';
import type { DeviceRecord } from '#contract/device.ts';
import type { DevicePatch } from '#contract/device-patch.ts';
import { patchSettings, shownOf } from '../../../hub/devices/device-settings.ts';

const told: DeviceRecord = {
  group: 'home',
  device: 'lamp',
  title: 'lamp',
  labels: { room: 'hall', floor: '1' },
  metrics: [{ metric: 'power', unit: 'W', precision: 1 }],
  controls: [],
  reported: {},
  createdAt: 1,
};

describe('RFC 7396, merge patch', () => {
  test('what is absent stays, null removes, nothing is left of what is empty', () => {
    const first = patchSettings(undefined, {
      title: 'Lamp',
      location: { name: 'Hall', latitude: 48 },
      metrics: { power: { unit: 'kW', min: 0, max: 10 } },
    });
    expect(first).toEqual({
      title: 'Lamp',
      location: { name: 'Hall', latitude: 48 },
      metrics: { power: { unit: 'kW', min: 0, max: 10 } },
    });
    const second = patchSettings(first, { location: { name: null }, metrics: { power: { max: null } } });
    expect(second).toEqual({
      title: 'Lamp',
      location: { latitude: 48 },
      metrics: { power: { unit: 'kW', min: 0 } },
    });
    expect(patchSettings(second, { title: null, location: null, metrics: { power: null } })).toBeUndefined();
  });

  const wrong: readonly (readonly [string, DevicePatch])[] = [
    ['a metric that is no id', { metrics: { 'no id': { unit: 'W' } } }],
    ['a range without an inside', { metrics: { power: { min: 5, max: 5 } } }],
    [
      'too many labels',
      { labels: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`k${at}`, 'v'])) },
    ],
  ];
  for (const [title, patch] of wrong)
    test(`${title} is refused`, () => {
      expect(() => patchSettings({}, patch)).toThrow(expect.objectContaining({ code: 'invalid-settings' }));
    });
});

describe('What is shown', () => {
  test('is what people say, and where they say nothing what the device tells', () => {
    const settings = patchSettings(undefined, {
      title: 'Lamp',
      labels: { room: 'Kitchen', floor: null },
      metrics: { power: { title: 'Power' }, lux: { unit: 'lx' } },
    });
    expect(shownOf({ ...told, settings })).toEqual({
      title: 'Lamp',
      model: undefined,
      location: undefined,
      labels: { room: 'Kitchen' },
      metrics: [
        { metric: 'power', unit: 'W', precision: 1, title: 'Power' },
        { metric: 'lux', unit: 'lx' },
      ],
    });
  });
});

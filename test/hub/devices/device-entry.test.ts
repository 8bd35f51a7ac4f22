import { describe, expect, test } from 'vitest';
import type { DeviceRecord } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import { DeviceEntry } from '../../../hub/devices/device-entry.ts';

const row: DeviceRecord = {
  group: 'home',
  device: 'lamp',
  title: 'Lamp',
  labels: { room: 'Kitchen' },
  metrics: [{ metric: 'power', unit: 'W' }],
  controls: [],
  reported: { on: true },
  createdAt: 1,
  lastSeen: 2,
};

describe('A device of the registry', () => {
  test('comes back from its row as it was', () => {
    const full = { ...row, present: { presence: 'stale', since: 3, rhythmMs: 5000, naps: 1 } } as const;
    expect(new DeviceEntry(full).record()).toEqual(full);
    expect(new DeviceEntry(row).record()).toMatchObject(row);
  });

  test('a description changes what it mentions and nothing else', () => {
    const entry = new DeviceEntry(row);
    entry.describe({ model: 'L-1', metrics: [{ metric: 'voltage', unit: 'V' }] });
    expect(entry.info()).toMatchObject({
      title: 'Lamp',
      model: 'L-1',
      labels: { room: 'Kitchen' },
      metrics: [
        { metric: 'power', unit: 'W' },
        { metric: 'voltage', unit: 'V' },
      ],
    });
  });

  test('a metric that is heard does not forget what was told of it', () => {
    const entry = new DeviceEntry(row);
    expect(entry.addMetric('power')).toBe(false);
    expect(entry.info().metrics).toEqual([{ metric: 'power', unit: 'W' }]);
  });

  test('metrics are bounded', () => {
    const entry = new DeviceEntry(row);
    for (let index = 1; index < limits.seriesPerDevice; index += 1) entry.addMetric(`m${index}`);
    expect(entry.addMetric('one-more')).toBe(false);
    entry.describe({ metrics: [{ metric: 'one-more' }] });
    expect(entry.info().metrics.length).toBe(limits.seriesPerDevice);
  });

  const searches: readonly (readonly [string, string[], boolean])[] = [
    ['its id', ['lamp'], true],
    ['a label', ['room=kitchen'], true],
    ['part of a metric', ['pow'], true],
    ['several words, wherever they stand', ['kitchen', 'power'], true],
    ['a word that is nowhere', ['lamp', 'bath'], false],
  ];
  for (const [title, words, expected] of searches)
    test(`is ${expected ? 'found' : 'not found'} by ${title}`, () => {
      expect(new DeviceEntry(row).matches(words)).toBe(expected);
    });

  test('is found by a title it was given later', () => {
    const entry = new DeviceEntry(row);
    entry.matches(['x']);
    entry.describe({ title: 'Ofenlicht' });
    expect(entry.matches(['ofenlicht'])).toBe(true);
  });
});

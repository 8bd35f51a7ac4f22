import { describe, expect, test } from 'vitest';
import type { DeviceInfo } from '#contract/device.ts';
import { Registry, seriesName } from '../../../dashboards/state/registry.ts';

const info = (device: string, parts: Partial<DeviceInfo> = {}): DeviceInfo => ({
  group: 'hall',
  device,
  title: device,
  labels: {},
  metrics: [],
  controls: [],
  presence: 'online',
  presenceSince: 0,
  reported: {},
  ...parts,
});

describe('The registry of a page', () => {
  test('takes readings of the fleet and of a group, and keeps the newest', () => {
    const registry = new Registry();
    registry.addPage('hall', [info('pump')]);
    registry.note([['hall/pump', 'flow', 20, 2]]);
    registry.note([['pump', 'flow', 10, 1]], 'hall');
    expect(registry.find('hall', 'pump')?.latest('flow').value).toEqual({
      timeMs: 20,
      value: 2,
      quality: 'good',
    });
    expect(registry.find('hall', 'pump')?.heardAt.value).toBe(20);
  });

  test('values that come before their device are there when it comes', () => {
    const registry = new Registry();
    registry.note([
      ['hall/pump', 'flow', 10, 1],
      ['hall/pump', 'flow', 20, 2],
    ]);
    registry.addPage('hall', [info('pump')]);
    expect(registry.find('hall', 'pump')?.latest('flow').value?.value).toBe(2);
  });

  test('lists a group in natural order, and a device that is new at its place', () => {
    const registry = new Registry();
    registry.addPage('hall', [info('pump-10'), info('pump-2')]);
    registry.put(info('pump-3'));
    expect(registry.list('hall').value?.map(({ device }) => device)).toEqual(['pump-2', 'pump-3', 'pump-10']);
  });

  test('describing a device anew keeps its values', () => {
    const registry = new Registry();
    registry.addPage('hall', [info('pump')]);
    registry.note([['hall/pump', 'flow', 20, 2]]);
    registry.put(info('pump', { title: 'Main pump' }));
    const state = registry.find('hall', 'pump');
    expect([state?.info.value.title, state?.latest('flow').value?.value]).toEqual(['Main pump', 2]);
  });

  test('a change of presence touches only its device', () => {
    const registry = new Registry();
    registry.addPage('hall', [info('a'), info('b')]);
    registry.presence({ group: 'hall', device: 'a', presence: 'offline', since: 7 });
    registry.presence({ group: 'hall', device: 'unknown', presence: 'offline', since: 7 });
    expect(registry.find('hall', 'a')?.info.value).toMatchObject({ presence: 'offline', presenceSince: 7 });
    expect(registry.find('hall', 'b')?.info.value.presence).toBe('online');
  });

  test('tagged series are told apart and named', () => {
    const registry = new Registry();
    registry.addPage('hall', [info('host')]);
    registry.note([
      ['hall/host', 'cpu', 1, 5, 'good', { cpu: '0' }],
      ['hall/host', 'cpu', 1, 9, 'good', { cpu: '1' }],
    ]);
    const state = registry.find('hall', 'host');
    expect(state?.series.value).toEqual([seriesName('cpu', { cpu: '0' }), seriesName('cpu', { cpu: '1' })]);
    expect(state?.latest('cpu', { cpu: '1' }).value?.value).toBe(9);
  });

  test('pages of devices become one list in order; what is in none of them any more is gone', () => {
    const registry = new Registry();
    const titles = (): (string | undefined)[] =>
      registry.list('hall').value?.map(({ device }) => device) ?? [];
    registry.addPage('hall', [info('b'), info('d')]);
    registry.addPage('hall', [info('a'), info('c'), info('e')]);
    expect(titles()).toEqual(['a', 'b', 'c', 'd', 'e']);
    registry.keepOnly('hall', new Set(['a', 'e']));
    expect(titles()).toEqual(['a', 'e']);
    registry.remove({ group: 'hall', device: 'a' });
    expect([titles(), registry.find('hall', 'a')]).toEqual([['e'], undefined]);
  });
});

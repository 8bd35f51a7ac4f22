import { describe, expect, test } from 'vitest';
import { DeviceEntry } from '../../../hub/devices/device-entry.ts';
import { DeviceTable } from '../../../hub/devices/device-table.ts';

function device(table: DeviceTable, name: string, labels: Record<string, string> = {}): DeviceEntry {
  const row = {
    group: 'home',
    device: name,
    title: name,
    metrics: [],
    controls: [],
    reported: {},
    createdAt: 1,
  };
  return new DeviceEntry({ ...row, labels }, 0, table);
}

describe('Devices of one kind', () => {
  test('have one list of metrics, however they came to it', () => {
    const table = new DeviceTable();
    const [heard, told] = [device(table, 'a'), device(table, 'b')];
    heard.addMetric('power');
    heard.addMetric('voltage');
    told.describe({ metrics: [{ metric: 'power' }, { metric: 'voltage' }] });
    expect(heard.kept.metrics).toBe(told.kept.metrics);
  });

  test('have labels in common that are equal', () => {
    const table = new DeviceTable();
    const [one, other] = [device(table, 'a', { room: 'attic' }), device(table, 'b', { room: 'attic' })];
    expect(one.kept.labels).toBe(other.kept.labels);
  });

  test('go on alone when one of them changes', () => {
    const table = new DeviceTable();
    const [one, other] = [device(table, 'a', { room: 'attic' }), device(table, 'b', { room: 'attic' })];
    one.describe({ labels: { room: 'cellar' } });
    one.addMetric('power');
    expect([one.kept.labels, other.kept.labels]).toEqual([{ room: 'cellar' }, { room: 'attic' }]);
    expect(other.kept.metrics).toEqual([]);
  });
});

describe('What is shared', () => {
  test('is bounded: what was forgotten is a kind of its own later', () => {
    const table = new DeviceTable();
    const first = table.share({ kind: -1 });
    expect(table.share({ kind: -1 })).toBe(first);
    for (let kind = 0; kind < 2000; kind += 1) table.share({ kind });
    expect(table.share({ kind: -1 })).not.toBe(first);
    expect(table.share({ kind: 1999 })).toEqual({ kind: 1999 });
  });

  test('is the same list again after ever other metrics', () => {
    const table = new DeviceTable();
    for (let index = 0; index < 5000; index += 1) table.withMetric([], { metric: `m${index}` });
    const [one, other] = [device(table, 'a'), device(table, 'b')];
    for (const metric of ['power', 'voltage']) for (const each of [one, other]) each.addMetric(metric);
    expect(one.kept.metrics).toEqual([{ metric: 'power' }, { metric: 'voltage' }]);
    expect(one.kept.metrics).toBe(other.kept.metrics);
  });

  test('is not what is large', () => {
    const table = new DeviceTable();
    const large = { text: 'x'.repeat(5000) };
    expect(table.share({ ...large })).not.toBe(table.share(large));
  });

  test('a long list is looked up by its index', () => {
    const table = new DeviceTable();
    const metrics = Array.from({ length: 40 }, (_, index) => ({ metric: `m${index}` }));
    expect([table.isIn(metrics, 'm39'), table.isIn(metrics, 'm40')]).toEqual([true, false]);
  });
});

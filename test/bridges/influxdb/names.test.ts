import { describe, expect, test } from 'vitest';
import { nameOf, ownNameOf } from '../../../bridges/influxdb/names.ts';

describe('What a series is called in InfluxDB', () => {
  test('measurement = group, tags = device and its own, field = metric', () => {
    expect(nameOf({ group: 'home', device: 'd1', metric: 'temp', tags: { cpu: '0' } })).toEqual({
      measurement: 'home',
      tags: { cpu: '0', device: 'd1' },
      field: 'temp',
    });
  });

  test('a tag that is called device steps aside', () => {
    const { tags } = nameOf({ group: 'home', device: 'd1', metric: 'temp', tags: { device: 'sda' } });
    expect(tags).toEqual({ device: 'd1', tag_device: 'sda' });
  });
});

describe('What came as line protocol', () => {
  const line = { measurement: 'cpu', tags: { host: 'Big Server', cpu: 'cpu0' }, field: 'usage idle' };
  const cpu = { group: 'telegraf', device: 'server', metric: 'cpu.usage_idle-1234' };

  test('keeps its names, whatever ids the hub made of them', () => {
    expect(
      ownNameOf({ ...cpu, device: 'server' }, { ...line, tags: { host: 'server' } }, 'telegraf'),
    ).toEqual({
      measurement: 'cpu',
      tags: { host: 'server' },
      field: 'usage idle',
    });
    expect(ownNameOf({ ...cpu, device: 'default' }, { ...line, tags: {} }, 'telegraf').tags).toEqual({});
  });

  test('says from which group it is where that is not the bucket', () => {
    const named = { ...line, tags: { host: 'server' } };
    const server = { ...cpu, device: 'server' };
    expect(ownNameOf({ ...server, group: 'berlin' }, named, 'telegraf').tags).toEqual({
      host: 'server',
      hub_group: 'berlin',
    });
  });

  test('says from which device it is where no tag does', () => {
    expect(ownNameOf({ ...cpu, device: 'bed-7' }, { ...line, tags: {} }, 'telegraf').tags).toEqual({
      hub_device: 'bed-7',
    });
  });
});

import { describe, expect, test } from 'vitest';
import { nameOf, ownNameOf, seriesOfLine, seriesOfOurs } from '../../../bridges/influxdb/names.ts';

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

describe('The way back', () => {
  const naming = { bucket: 'telegraf', deviceTags: ['device', 'host'] };

  test('from the hub’s own names', () => {
    const series = { group: 'home', device: 'd1', metric: 'temp', tags: { cpu: '0', device: 'sda' } };
    expect(seriesOfOurs('home', nameOf(series).tags, 'temp')).toEqual(series);
    expect(seriesOfOurs('home', { device: 'd1' }, 'temp')).toEqual({
      group: 'home',
      device: 'd1',
      metric: 'temp',
    });
  });

  test('from those of a line, as the hub’s door names it', () => {
    const line = { measurement: 'cpu', tags: { host: 'server', cpu: 'cpu0' }, field: 'idle' };
    const series = { group: 'telegraf', device: 'server', metric: 'cpu.idle', tags: { cpu: 'cpu0' } };
    expect(seriesOfLine(line, naming)).toEqual(series);
    expect(seriesOfLine({ ...line, tags: {} }, naming)).toEqual({
      group: 'telegraf',
      device: 'default',
      metric: 'cpu.idle',
    });
  });

  test('from a line of another group, or of a device that no tag names', () => {
    const line = { measurement: 'soil', tags: { pot: '3' }, field: 'moisture' };
    const series = { group: 'berlin', device: 'bed-7', metric: 'soil.moisture', tags: { pot: '3' } };
    const own = ownNameOf(series, line, 'telegraf');
    expect(seriesOfLine(own, naming)).toEqual(series);
  });
});

/** Real input: Debian's collectd publishes this machine's metrics to the hub's broker. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCollectd, type RunningCollectd } from '../bridges/mqtt/collectd.ts';
import { describeWith } from '../support/servers.ts';
import { until } from '../bridges/mqtt/fakes.ts';
import { startHub, type TestHub } from '../bridges/mqtt/support.ts';

describeWith('collectd', "collectd's metrics of this machine", (program) => {
  let hub: TestHub;
  let collectd: RunningCollectd;
  beforeAll(async () => {
    hub = await startHub();
    hub.access.add('machine', { role: 'gateway', groups: '*', topicFilters: ['collectd/#'] });
    collectd = await startCollectd({ program, port: hub.port, token: 'machine', host: 'testbed' });
  });
  afterAll(async () => {
    await collectd.stop();
    await hub.close();
  });

  test('arrive as readings of the device that collectd names', async () => {
    const wanted = [
      'load.load.shortterm',
      'memory.memory-used',
      'uptime.uptime',
      'interface-lo.if_octets.rx',
      'cpu.percent-idle',
      'df-root.df_complex-free',
    ];
    const metrics = (): Set<string> =>
      new Set(hub.ingest.deliveries.flatMap(({ readings }) => readings.map(({ metric }) => metric)));
    await until(() => wanted.every((metric) => metrics().has(metric)));
    const readings = hub.ingest.deliveries.flatMap((delivery) => delivery.readings);
    expect(new Set(readings.map(({ group, device }) => `${group}/${device}`))).toEqual(
      new Set(['collectd/testbed']),
    );
    const memory = readings.find(({ metric }) => metric === 'memory.memory-used');
    expect(memory?.value).toBeGreaterThan(1024 * 1024);
    expect(Math.abs((memory?.timeUs ?? 0) - Date.now() * 1000)).toBeLessThan(60_000_000);
    expect(hub.devices.descriptions.get('collectd/testbed')?.metrics).toContainEqual({
      metric: 'memory.memory-used',
      unit: 'By',
    });
  });

  test('leave nothing in quarantine or in the inbox', () => {
    expect(hub.ingest.quarantined).toEqual([]);
    expect(hub.ingest.inbox).toEqual([]);
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { HubStatus } from '#contract/status.ts';
import { Metrics } from '../../hub/metrics.ts';

const status: HubStatus = {
  state: 'ok',
  version: '1.2.3',
  epoch: 'e1',
  startedAt: 1,
  starts: { recent: 1, uncleanEnds: 0, looping: false },
  edges: [{ name: 'mqtt', state: 'up', connections: 7 }],
  store: { bytes: 4096, head: 120, merged: 100, series: 5 },
  sockets: { connections: 3, queuedBytes: 900, slow: 1, lastCloses: [] },
  devices: { groups: 2, total: 9, online: 4 },
  counters: { 'readings.mqtt/stored': 120, 'readings.http/stored': 5, 'mqtt.value-dropped/sentinel': 2 },
  memoryRss: 1,
  adminUi: false,
};

let metrics: Metrics;
beforeEach(() => {
  metrics = new Metrics();
});

describe('The page that Prometheus reads', () => {
  test('has the counts by source and outcome, and every drop by its reason', async () => {
    const page = await metrics.text(status);
    expect(page).toContain('signalbox_readings_total{source="mqtt",outcome="stored"} 120');
    expect(page).toContain('signalbox_readings_total{source="http",outcome="stored"} 5');
    expect(page).toContain('signalbox_mqtt_value_dropped_total{reason="sentinel"} 2');
  });

  test('has what waits for a database behind the hub, if there is one', async () => {
    const spool = { waiting: 7, bytes: 300, maxBytes: 4096, ageSeconds: 12.5 };
    const page = await metrics.text({ ...status, store: { ...status.store, spool } });
    for (const line of ['readings 7', 'bytes 300', 'max_bytes 4096', 'age_seconds 12.5'])
      expect(page).toContain(`signalbox_spool_${line}\n`);
    expect(await new Metrics().text(status)).not.toContain('spool');
  });

  test('has the room on the disk, if it is known', async () => {
    const disk = { state: 'short', freeBytes: 12, totalBytes: 100 } as const;
    const page = await metrics.text({ ...status, store: { ...status.store, disk } });
    for (const line of [
      'free_bytes 12',
      'total_bytes 100',
      'state{state="short"} 1',
      'state{state="full"} 0',
    ])
      expect(page).toContain(`signalbox_disk_${line}\n`);
    expect(await new Metrics().text(status)).not.toContain('disk_');
  });

  test('has the state of the parts', async () => {
    const page = await metrics.text({ ...status, store: { ...status.store, failing: 'disk full' } });
    for (const line of [
      'signalbox_build_info{version="1.2.3"} 1',
      'signalbox_edge_up{edge="mqtt"} 1',
      'signalbox_edge_connections{edge="mqtt"} 7',
      'signalbox_store_merge_lag 20',
      'signalbox_store_failing 1',
      'signalbox_recent_unclean_ends 0',
      'signalbox_devices{state="online"} 4',
      'signalbox_socketio_queued_bytes 900',
      'signalbox_socketio_slow_clients 1',
    ])
      expect(page).toContain(line);
  });

  test('has what came from each broker of somebody else, and what that one dropped', async () => {
    const attic = { name: 'attic', state: 'up', messages: { received: 9, acknowledged: 7 } } as const;
    const edges = [
      { ...attic, reconnects: 2, droppedByBroker: 5 },
      { ...attic, name: 'cellar' },
      ...status.edges,
    ];
    await metrics.text({ ...status, edges });
    const page = await metrics.text({ ...status, edges });
    for (const line of [
      'messages_received_total{broker="attic"} 9',
      'messages_acknowledged_total{broker="attic"} 7',
      'reconnects_total{broker="attic"} 2',
      'messages_dropped_total{broker="attic"} 5',
      'messages_dropped_total{broker="cellar"} 0',
    ])
      expect(page).toContain(`signalbox_broker_${line}\n`);
    expect(page).not.toContain('broker="mqtt"');
  });

  test('a second scrape repeats a count, it does not add it up', async () => {
    await metrics.text(status);
    const page = await metrics.text({ ...status, counters: { 'readings.mqtt/stored': 121 } });
    expect(page).toContain('signalbox_readings_total{source="mqtt",outcome="stored"} 121');
  });

  test('has histograms in seconds', async () => {
    metrics.observe('commit', 0.003);
    metrics.observe('commit', 0.2);
    const page = await metrics.text(status);
    expect(page).toContain('signalbox_journal_commit_seconds_bucket{le="0.005"} 1');
    expect(page).toContain('signalbox_journal_commit_seconds_count 2');
    expect(page).toContain('signalbox_frame_seconds_count 0');
  });

  test('watches the process until it is stopped', async () => {
    metrics.watchProcess();
    expect(await metrics.text(status)).toContain('signalbox_nodejs_eventloop_lag_p99_seconds');
    metrics.stop();
  });

  test('every name is legal and described', async () => {
    const page = await metrics.text(status);
    for (const line of page.split('\n').filter((one) => one !== '' && !one.startsWith('#')))
      expect(line).toMatch(/^signalbox_[a-z_0-9]+(\{[^}]*\})? /);
    expect(page).not.toMatch(/# HELP \S+ *$/m);
  });
});

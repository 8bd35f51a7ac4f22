import { expect, test } from 'vitest';
import { understand } from './decode.ts';

const node = '$SYS/brokers/emqx@10.0.0.7';

test('statistics and counters are numbers of their node', () => {
  expect(understand(`${node}/stats/connections/count`, '12')).toEqual([
    'emqx/emqx_10.0.0.7-dc98 stats.connections.count = 12',
  ]);
  expect(understand(`${node}/metrics/bytes/received`, '4096')).toEqual([
    'emqx/emqx_10.0.0.7-dc98 metrics.bytes.received = 4096 By',
  ]);
});

test('how long it has been up is told in words, and means seconds', () => {
  expect(understand(`${node}/uptime`, '1 days, 2 hours, 3 minutes, 4 seconds')).toEqual([
    'emqx/emqx_10.0.0.7-dc98 uptime = 93784 s',
  ]);
  expect(understand(`${node}/uptime`, '9 seconds')).toEqual(['emqx/emqx_10.0.0.7-dc98 uptime = 9 s']);
  expect(understand(`${node}/version`, '5.8.1')).toEqual(['emqx/emqx_10.0.0.7-dc98 version = "5.8.1"']);
});

test('clients that come and go and alarms are events at their own time', () => {
  const gone = { clientid: 'pump', reason: 'tcp_closed', ts: 1_780_315_200_000 };
  expect(understand(`${node}/clients/pump/disconnected`, gone)).toEqual([
    `emqx/emqx_10.0.0.7-dc98 ! client.disconnected ${JSON.stringify(gone)} @2026-06-01T12:00:00.000Z`,
  ]);
  expect(understand(`${node}/alarms/alert`, { name: 'high_cpu_usage' })).toEqual([
    'emqx/emqx_10.0.0.7-dc98 ! alarm.alert {"name":"high_cpu_usage"}',
  ]);
});

test('the list of nodes and the clock are no readings', () => {
  expect(understand('$SYS/brokers', 'emqx@10.0.0.7')).toEqual(['aside']);
  expect(understand(`${node}/datetime`, '2026-06-01 12:00:00')).toEqual(['aside']);
});

for (const [topic, payload] of [
  ['$SYS/brokers/1/stats/connections/count', '12'],
  [`${node}/stats/connections/count`, 'many'],
  [`${node}/stats`, '1'],
  [`${node}/clients/pump/connected`, 'yes'],
  [`${node}/clients/connected`, '{}'],
  [`${node}/plugins/list`, '[]'],
  ['site/brokers/emqx@10.0.0.7/uptime', '9 seconds'],
] as const)
  test(`${topic} with ${payload} is nobody’s`, () => expect(understand(topic, payload)).toEqual(['unknown']));

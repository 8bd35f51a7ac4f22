/** VictoriaMetrics takes the same writes: numbers, by name and tags, at the millisecond. */
import { expect, test } from 'vitest';
import { InfluxConnection } from '../../../bridges/influxdb/connection.ts';
import { Delivery } from '../../../bridges/influxdb/delivery.ts';
import { Lines } from '../../../bridges/influxdb/lines.ts';
import { systemClock } from '../../../hub/clock.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { describeWith } from '../../support/servers.ts';
import { VictoriaMetrics } from '../../support/victoria-metrics.ts';
import { followed, series } from './support/followed.ts';

const startMs = Date.parse('2026-06-01T12:00:00Z');
const count = 5000;

describeWith('victoria-metrics', 'VictoriaMetrics behind the hub', (program) => {
  test('has every number once, however often it was sent', { timeout: 60_000 }, async () => {
    await using database = await VictoriaMetrics.start(program);
    const counters = new CountersProbe();
    const connection = new InfluxConnection({ url: database.url, bucket: 'signalbox' });
    const delivery = new Delivery({
      connection,
      lines: new Lines({ counters, bucket: 'signalbox' }),
      quarantine: { add: () => Promise.reject(new Error('nothing is refused')) },
      clock: systemClock,
      counters,
      log: silentLog,
      random: () => 0,
      sleep: async () => {},
    });
    const two = ['a b', 'c'].map((device) => series({ device, metric: 'temp', tags: { cpu: '0' } }));
    const readings = two.flatMap((one) =>
      Array.from({ length: count }, (_, n) => followed(one, n / 8, { timeUs: (startMs + n * 1000) * 1000 })),
    );
    for (let round = 0; round < 2; round += 1) await delivery.deliver(readings, () => true);
    connection.close();
    expect(delivery.health).toEqual({ state: 'up' });
    const stored = await database.export();
    expect(
      stored
        .map(({ metric }) => `${metric['__name__']} ${metric['device']} ${metric['cpu']}`)
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['home_temp a b 0', 'home_temp c 0']);
    for (const { values, timestamps } of stored) {
      const points = new Map(timestamps.map((time, index) => [time, values[index]]));
      expect(points.size).toBe(count);
      for (let n = 0; n < count; n += 1) expect(points.get(startMs + n * 1000)).toBe(n / 8);
    }
  });
});

/** The cases of every history, on a real InfluxDB: written by the hub's own lines, read by InfluxQL. */
import { afterAll } from 'vitest';
import { InfluxConnection } from '../../../bridges/influxdb/connection.ts';
import { InfluxReader } from '../../../bridges/influxdb/influx-reader.ts';
import { Lines } from '../../../bridges/influxdb/lines.ts';
import { systemClock } from '../../../hub/clock.ts';
import type { Reading } from '#contract/reading.ts';
import type { FollowedReading } from '#ports';
import { historyStoreCases, type StoreUnderTest } from '../../suites/history-store.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { startInfluxd, type Influxd } from '../../support/influxd.ts';
import { describeWith } from '../../support/servers.ts';

const bucket = 'signalbox';
const groups: ReadonlySet<string> = new Set(['home', 'farm']);
const naming = { bucket, deviceTags: ['device', 'host'] };

function toFollowed({ group, device, metric, tags, line, ...rest }: Reading): FollowedReading {
  const series = { group, device, metric, ...(tags && { tags }), line };
  return { series, ...rest, isLine: line !== undefined, form: rest.form };
}

class InfluxStore implements StoreUnderTest {
  readonly connection: InfluxConnection;
  readonly readings: InfluxReader;
  readonly #lines = new Lines({ counters: new CountersProbe(), bucket });

  constructor({ url }: Influxd) {
    this.connection = new InfluxConnection({ url, bucket });
    const clock = { ...systemClock, monotonicMs: () => (this.#asked += 1e6) };
    const common = { connection: this.connection, naming, groups: () => groups, clock, log: silentLog };
    this.readings = new InfluxReader({ ...common, isKnown: () => true, showsAll: true });
  }

  /** Every question is later than any catalogue. */
  #asked = 0;

  async write(readings: readonly Reading[]): Promise<void> {
    await this.connection.detect();
    await this.connection.createBucket();
    for (let from = 0; from < readings.length; from += 5000)
      await this.connection.write(this.#lines.encode(readings.slice(from, from + 5000).map(toFollowed)));
  }
}

describeWith('influxd', 'The history of InfluxDB 1.6', (program) => {
  let influxd: Influxd | undefined;
  let store: InfluxStore | undefined;
  afterAll(async () => {
    store?.connection.close();
    await influxd?.[Symbol.asyncDispose]();
  });
  historyStoreCases(
    async () => {
      influxd = await startInfluxd(program);
      return (store = new InfluxStore(influxd));
    },
    { severalAtOneInstant: false, nothing: false },
  );
});

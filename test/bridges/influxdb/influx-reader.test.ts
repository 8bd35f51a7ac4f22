import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { InfluxConnection } from '../../../bridges/influxdb/connection.ts';
import { InfluxReader } from '../../../bridges/influxdb/influx-reader.ts';
import { toId } from '#contract/names.ts';
import type { Series } from '#contract/reading.ts';
import { silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { StubInflux } from './support/stub-influx.ts';

/** What a real database answers is in `history-store.server.test.ts`; here is what is asked, and what when it cannot. */
let stub: StubInflux;
let reader: InfluxReader;
let isKnown: (series: Series) => boolean;

async function open(showsAll: boolean): Promise<void> {
  stub = await StubInflux.start();
  const connection = new InfluxConnection({ url: stub.url, version: 1, bucket: 'telegraf', token: 'secret' });
  onTestFinished(async () => {
    connection.close();
    await stub[Symbol.asyncDispose]();
  });
  const columns = ['fieldKey', 'fieldType'];
  stub.answers.set('SHOW FIELD KEYS', [
    { name: 'home', columns, values: [['temp', 'float']] },
    { name: 'cpu', columns, values: [['idle', 'float']] },
  ]);
  stub.answers.set('SHOW TAG VALUES FROM "cpu" WITH KEY IN ("device", "host", "hub_device")', [
    { name: 'cpu', columns: ['key', 'value'], values: [['host', 'my server']] },
  ]);
  isKnown = () => true;
  reader = new InfluxReader({
    connection,
    naming: { bucket: 'telegraf', deviceTags: ['device', 'host'] },
    groups: () => new Set(['home']),
    clock: new ManualClock(),
    log: silentLog,
    isKnown: (series) => isKnown(series),
    showsAll,
  });
}

const asked = (): string =>
  new URL(stub.paths.at(-1)?.split(' ')[1] ?? '', 'http://stub').searchParams.get('q') ?? '';
const range = { start: 1, end: 2 };

beforeEach(() => open(false));

describe('A question', () => {
  test('of the hub’s own readings goes to the measurement of the group', async () => {
    await reader
      .query('home', { devices: ['bed', "x' OR 1=1"], metrics: ['temp'], ...range })
      .catch(() => {});
    expect(asked()).toBe(
      String.raw`SELECT "temp" FROM "home" WHERE time >= 1000u AND time < 2000u AND "device" =~ /^(?:bed|x\x{27} OR 1\x{3d}1)$/ GROUP BY * ORDER BY time LIMIT 20001`,
    );
  });

  test('of lines asks for the tag values that the device is made of, in its group', async () => {
    await reader.query('telegraf', { devices: [toId('my server')], ...range }).catch(() => {});
    expect(asked()).toBe(
      `SELECT "idle" FROM "cpu" WHERE time >= 1000u AND time < 2000u AND ` +
        `("hub_group" = 'telegraf' OR "hub_group" = '') AND ("host" =~ /^(?:my server)$/) GROUP BY * ORDER BY time LIMIT 20001`,
    );
  });

  test('about what cannot be there asks for nothing more', async () => {
    expect(await reader.query('telegraf', { devices: ['nobody'], ...range })).toEqual({
      series: [],
      truncated: false,
    });
    expect(asked()).toContain('SHOW TAG VALUES');
  });

  test('that the database does not answer is to be asked again', async () => {
    await expect(reader.query('home', { devices: ['bed'], ...range })).rejects.toMatchObject({
      name: 'TryAgainError',
      code: 'history-unavailable',
    });
  });
});

describe('Series of others', () => {
  const statement =
    'SELECT "temp" FROM "home" GROUP BY * ORDER BY time DESC LIMIT 1; SELECT "idle" FROM "cpu" GROUP BY * ORDER BY time DESC LIMIT 1';

  test('are those that the hub does not have, with their newest value', async () => {
    stub.answers.set(statement, [
      { name: 'home', tags: { device: 'bed' }, columns: ['time', 'temp'], values: [[5000, 21.5]] },
    ]);
    isKnown = () => false;
    const found = await reader.existing();
    expect(found).toEqual([
      {
        group: 'home',
        device: 'bed',
        metric: 'temp',
        timeUs: 5000,
        value: 21.5,
        quality: 'good',
        stampedBy: 'device',
      },
    ]);
    isKnown = () => true;
    expect(await reader.existing()).toEqual([]);
  });
});

/**
 * What Telegraf writes through the hub lies in InfluxDB as if Telegraf had written it there itself: the same lines go to
 * a second database of the same server directly, and the two hold the same series with the same values, so that boards
 * and queries made for the one work on the other.
 */
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { HubStatus } from '#contract/status.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { startInfluxd, type Influxd } from '../support/influxd.ts';
import { describeWith } from '../support/servers.ts';
import { collect, toLine, writeBatch, type Metric, type Output } from './support/telegraf.ts';

const [bucket, direct] = ['telegraf', 'direct'];
const host = 'server-1';
const ticks = 6;
const nowSeconds = Math.floor(Date.now() / 10_000) * 10;
const intervals = Array.from({ length: ticks }, (_, tick) =>
  collect(host, nowSeconds - (ticks - tick) * 10, tick),
);
const sent = intervals.flat();
const measurements = [...new Set(sent.map(({ measurement }) => measurement))];

const linesOf = (metrics: readonly Metric[]): string => metrics.map((metric) => toLine(metric)).join('');

async function writeDirectly(influxd: Influxd, database: string, lines: string): Promise<void> {
  const response = await fetch(`${influxd.url}/write?db=${database}`, { method: 'POST', body: lines });
  expect([response.status, await response.text()]).toEqual([204, '']);
}

/** Each measurement with its tags, and each field's type and values. */
async function contentOf(influxd: Influxd, database: string): Promise<object> {
  const content: Record<string, unknown> = { series: await influxd.rows(database, 'SHOW SERIES') };
  for (const measurement of measurements) {
    content[`${measurement} types`] = await influxd.rows(database, `SHOW FIELD KEYS FROM "${measurement}"`);
    content[measurement] = await influxd.rows(database, `SELECT * FROM "${measurement}"`);
  }
  return content;
}

async function drained(hub: HubProcess): Promise<HubStatus> {
  let status: HubStatus | undefined;
  await until(
    async () => (status = await hub.json<HubStatus>('/api/v1/status')).store.spool?.waiting === 0,
    20_000,
    () => `${JSON.stringify(status?.edges)}\n${hub.output}`,
  );
  if (status === undefined) throw new Error('There is no status.');
  return status;
}

async function start(influxd: Influxd): Promise<{ readonly hub: HubProcess; readonly output: Output }> {
  const flags = ['--influx-url', influxd.url, '--influx-bucket', bucket];
  const hub = await HubProcess.start([...flags, '--write-device-tags', 'host,device']);
  const token = await hub.createToken({ name: 'telegraf', role: 'gateway', groups: [bucket] });
  return { hub, output: { urls: [hub.url], token, organization: 'any', bucket } };
}

describeWith('influxd', 'Lines keep their own names', (program) => {
  test('8 cores, 3 disks, 3 interfaces: through the hub as directly', { timeout: 60_000 }, async () => {
    await using influxd = await startInfluxd(program);
    for (const name of [bucket, direct]) await influxd.execute(`CREATE DATABASE ${name}`);
    const [earlier, ...later] = intervals;
    // The bucket is from before the hub: its fields have the types that Telegraf gave them.
    for (const name of [bucket, direct]) await writeDirectly(influxd, name, linesOf(earlier ?? []));
    const { hub, output } = await start(influxd);
    await using _hub = hub;
    for (const metrics of later) {
      expect(await writeBatch(output, linesOf(metrics))).toEqual({ status: 204, body: '' });
      await writeDirectly(influxd, direct, linesOf(metrics));
    }
    const { counters } = await drained(hub);
    const through = await contentOf(influxd, bucket);
    expect(through).toEqual(await contentOf(influxd, direct));
    const values = later.flat().reduce((sum, { fields }) => sum + Object.keys(fields).length, 0);
    expect(counters['influx.readings/written']).toBe(values);
    expect(counters['influx.field/type-changed']).toBeUndefined();
    console.log(`${values} values through the hub, ${later.flat().length} lines; as directly written.`);
  });

  test('over MQTT, and of a device and a bucket of another name', { timeout: 60_000 }, async () => {
    await using influxd = await startInfluxd(program);
    const { hub } = await start(influxd);
    await using _hub = hub;
    const client = await mqtt.connectAsync(hub.mqtt, { username: 'x', password: hub.adminToken });
    const line = `cpu,cpu=cpu0,host=${host} usage_idle=98.5,ticks=12i ${nowSeconds}000000000`;
    await client.publishAsync(`telegraf/${host}/cpu`, line, { qos: 1 });
    await client.endAsync();
    const password = await hub.createToken({
      name: 'bed',
      role: 'device',
      groups: ['berlin'],
      device: 'bed-7',
    });
    const post = { method: 'POST', body: `soil,pot=3 moisture=0.25 ${nowSeconds}` };
    expect((await hub.request('/write?db=berlin&precision=s', post, password)).status).toBe(204);
    await drained(hub);
    const series = (await influxd.rows(bucket, 'SHOW SERIES')).map(String);
    expect(series.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      `cpu,cpu=cpu0,host=${host},hub_group=influx`,
      'soil,hub_device=bed-7,hub_group=berlin,pot=3',
    ]);
    // What a board asks does not know of the tags beside its own.
    const board = `SELECT mean(usage_idle), sum(ticks) FROM cpu WHERE host = '${host}' AND cpu = 'cpu0'`;
    expect((await influxd.rows(bucket, board))[0]?.slice(1)).toEqual([98.5, 12]);
    expect((await influxd.rows(bucket, `SELECT moisture FROM soil WHERE pot = '3'`))[0]?.[1]).toBe(0.25);
  });
});

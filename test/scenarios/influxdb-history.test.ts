/**
 * InfluxDB answers history: what devices sent through the hub, and with `influx.read-existing` also what others had written
 * to the bucket before there was a hub, shown read-only under the names that their lines would get.
 */
import { expect, test } from 'vitest';
import type { DeviceInfo } from '#contract/device.ts';
import type { HubStatus } from '#contract/status.ts';
import type { HistoryAnswer, LastAnswer } from '#contract/view.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { startInfluxd, type Influxd } from '../support/influxd.ts';
import { describeWith } from '../support/servers.ts';
import { collect, toLine } from './support/telegraf.ts';

const bucket = 'telegraf';
const host = 'server-1';
const nowSeconds = Math.floor(Date.now() / 10_000) * 10;
const [before, after] = [collect(host, nowSeconds - 600, 0), collect(host, nowSeconds - 10, 1)];
const old = [
  ...before.map((metric) => toLine(metric)),
  `weird\\ one,host=it\\'s\\ "here"\\,\\ really,a\\ b=c\\=d some\\ field=7i,state="on" ${nowSeconds - 600}000000000\n`,
].join('');

async function write(url: string, lines: string, token?: string): Promise<void> {
  const headers = token === undefined ? {} : { authorization: `Token ${token}` };
  const response = await fetch(`${url}/write?db=${bucket}`, { method: 'POST', body: lines, headers });
  expect([response.status, await response.text()]).toEqual([204, '']);
}

async function startHub(influxd: Influxd, flag: string): Promise<HubProcess> {
  const flags = ['--influx-url', influxd.url, '--influx-bucket', bucket, flag];
  return HubProcess.start([...flags, '--write-device-tags', 'host,device']);
}

function history(hub: HubProcess, device: string, rest: string): Promise<HistoryAnswer> {
  const path = `/api/v1/groups/${bucket}/devices/${encodeURIComponent(device)}/history`;
  return hub.json(`${path}?start=${(nowSeconds - 3600) * 1000}&${rest}`);
}

async function devicesOf(hub: HubProcess): Promise<readonly DeviceInfo[]> {
  const answer = await hub.request(`/api/v1/groups/${bucket}/devices`);
  return answer.ok ? ((await answer.json()) as { items: DeviceInfo[] }).items : [];
}

async function drained(hub: HubProcess): Promise<void> {
  const isDrained = async (): Promise<boolean> =>
    (await hub.json<HubStatus>('/api/v1/status')).store.spool?.waiting === 0;
  await until(isDrained, 20_000, () => hub.output);
}

const timesOf = ({ series }: HistoryAnswer): readonly number[][] =>
  series.map(({ points = [] }) => points.map(([time]) => time / 1000));

describeWith('influxd', 'History from InfluxDB', (program) => {
  test('with the series of others, from before the hub', { timeout: 60_000 }, async () => {
    await using influxd = await startInfluxd(program);
    await influxd.execute(`CREATE DATABASE ${bucket}`);
    await write(influxd.url, old);
    await using hub = await startHub(influxd, '--influx-read-existing');
    await until(
      async () => (await devicesOf(hub)).length === 2,
      20_000,
      () => hub.output,
    );
    const devices = await devicesOf(hub);
    const server = devices.find(({ device }) => device === host);
    expect(server?.metrics.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['cpu.usage_idle', 'disk.used_percent', 'net.bytes_recv']),
    );
    // Nobody has heard of it: it is known, and not there.
    expect(server?.presence).not.toBe('online');

    const token = await hub.createToken({ name: 'telegraf', role: 'gateway', groups: [bucket] });
    await write(hub.url, after.map((metric) => toLine(metric)).join(''), token);
    await drained(hub);
    const idle = await history(hub, host, 'metrics=cpu.usage_idle');
    expect(idle.series).toHaveLength(9);
    expect(idle.series[0]?.tags).toEqual({ cpu: 'cpu-total' });
    for (const times of timesOf(idle)) expect(times).toEqual([nowSeconds - 600, nowSeconds - 10]);
    const buckets = await history(hub, host, 'metrics=disk.free&window=3600000&aggregates=count,last');
    expect(buckets.series.map(({ tags }) => tags?.['path'])).toEqual(['/boot/efi', '/', '/srv/big data']);
    const counts = buckets.series.map(({ rows = [] }) => rows.reduce((sum, row) => sum + Number(row[1]), 0));
    expect(counts).toEqual([2, 2, 2]);

    const weird = devices.find(({ device }) => device !== host);
    const { series } = await history(hub, weird?.device ?? '', 'metrics=*');
    expect(series.map(({ points = [] }) => points[0]?.[1])).toEqual(['on', 7].toReversed());
    expect(series[0]?.tags).toEqual({ [Object.keys(series[0]?.tags ?? {})[0] ?? '']: 'c=d' });
  });

  test(
    'only of what the hub knows; no question can break out of its quotes',
    { timeout: 60_000 },
    async () => {
      await using influxd = await startInfluxd(program);
      await influxd.execute(`CREATE DATABASE ${bucket}`);
      await write(influxd.url, old);
      await using hub = await startHub(influxd, '--influx-history');
      const token = await hub.createToken({ name: 'telegraf', role: 'gateway', groups: [bucket, 'home'] });
      const mine = after.filter(({ measurement }) => measurement === 'net');
      await write(hub.url, mine.map((metric) => toLine(metric)).join(''), token);
      const telemetry = { method: 'POST', body: JSON.stringify({ temperature: 21.5, state: 'on' }) };
      expect((await hub.request('/api/v1/groups/home/devices/bed/telemetry', telemetry, token)).status).toBe(
        200,
      );
      await drained(hub);
      const known = await history(hub, host, 'metrics=*');
      expect(new Set(known.series.map(({ metric }) => metric.split('.')[0]))).toEqual(new Set(['net']));
      const last = await hub.json<LastAnswer>('/api/v1/groups/home/history/last?devices=bed');
      expect(last.series.map(({ metric, point }) => [metric, point[1]])).toEqual([
        ['state', 'on'],
        ['temperature', 21.5],
      ]);
      const hostile = [`x'; DROP DATABASE ${bucket}; --`, 'a/ OR 1=1', '") OR ("', '\\', '.*', 'a|b'];
      for (const name of hostile) {
        const rest = `devices=${encodeURIComponent(name)}&metrics=${encodeURIComponent(name)}`;
        const response = await hub.request(`/api/v1/groups/${bucket}/history?start=0&${rest}`);
        const answer = response.ok ? ((await response.json()) as HistoryAnswer).series : [];
        expect([name, answer]).toEqual([name, []]);
        expect([200, 400]).toContain(response.status);
      }
      expect((await influxd.rows(bucket, 'SHOW DATABASES')).flat()).toContain(bucket);

      await influxd.kill();
      const refused = await hub.request('/api/v1/groups/home/history?start=0&devices=bed');
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ code: 'history-unavailable' });
    },
  );
});

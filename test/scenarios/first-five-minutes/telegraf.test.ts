/**
 * Telegraf writes to the hub unchanged: the README's configuration, and the batches of a machine with eight cores and
 * three disks. As many values are stored as were sent, each the value that was sent.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceInfo } from '#contract/device.ts';
import { tagsKey, type Tags } from '#contract/reading.ts';
import type { HistoryAnswer } from '#contract/view.ts';
import { HubProcess, repositoryRoot } from '../../support/hub-process.ts';
import { collect, toLine, writeBatch, type Metric, type Output } from '../support/telegraf.ts';

const ticks = 20;
const intervalSeconds = 10;
const host = 'server-1';
const measurements = ['cpu', 'disk', 'net'];

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
const section = readme.split(/^### Telegraf and InfluxDB clients$/m)[1]?.split(/^##/m)[0] ?? '';
const toml = /```toml\n\[\[outputs\.influxdb_v2\]\]\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
/** TOML's texts and lists of texts are JSON's. */
const written = Object.fromEntries(
  [...toml.matchAll(/^ {2}(\w+) = (.*)$/gm)].map(([, key = '', value = '']) => [key, JSON.parse(value)]),
) as unknown as Output;
const deviceTags = /--write-device-tags \S*\w/.exec(section)?.[0].split(' ') ?? [];

const now = Math.floor(Date.now() / 1000 / intervalSeconds) * intervalSeconds;
const intervals = Array.from({ length: ticks }, (_, tick) =>
  collect(host, now - (ticks - tick) * intervalSeconds, tick),
);
const sent = intervals.flat();

/** The README's configuration with this hub's address, and Telegraf's own way to put an environment variable in. */
async function configure(hub: HubProcess): Promise<Output> {
  const groups = [written.bucket];
  const token = await hub.createToken({ name: 'telegraf', role: 'gateway', groups });
  return { ...written, urls: [hub.url], token: written.token.replace('${SIGNALBOX_TOKEN}', token) };
}

/** @param measurement absent: all that the machine has */
async function historyOf(hub: HubProcess, device: string, measurement?: string): Promise<HistoryAnswer> {
  const path = `/api/v1/groups/${written.bucket}/devices/${device}/history`;
  const metrics = measurement === undefined ? '' : `&metrics=${namesOf(measurement).join(',')}`;
  const answer = await hub.json<HistoryAnswer>(`${path}?start=0&limit=20000${metrics}`);
  expect(answer.truncated).toBe(false);
  return answer;
}

function countValues(answers: readonly HistoryAnswer[]): number {
  const series = answers.flatMap((answer) => answer.series);
  return series.reduce((sum, { points = [] }) => sum + points.length, 0);
}

function namesOf(measurement: string): readonly string[] {
  const { fields = {} } = sent.find((metric) => metric.measurement === measurement) ?? {};
  return Object.keys(fields).map((field) => `${measurement}.${field}`);
}

function countFields(metrics: readonly Metric[]): number {
  return metrics.reduce((sum, { fields }) => sum + Object.keys(fields).length, 0);
}

/** One text a value, to compare what was sent with what is stored. */
function ledgerOf(metrics: readonly Metric[]): string[] {
  return metrics
    .flatMap(({ measurement, tags: { host: _host, ...tags }, fields, timeSeconds }) =>
      Object.entries(fields).map(([field, [, value]]) =>
        entryOf(`${measurement}.${field}`, tags, timeSeconds * 1000, value),
      ),
    )
    .toSorted();
}

function entryOf(metric: string, tags: Tags, timeMs: number, value: unknown): string {
  return JSON.stringify([metric, tagsKey(tags), timeMs, value]);
}

describe('Telegraf: the README names what to configure', () => {
  test('the output, a token from the environment, and the tag that names the device', () => {
    expect(written).toEqual({
      urls: ['http://127.0.0.1:8080'],
      token: '${SIGNALBOX_TOKEN}',
      organization: expect.any(String),
      bucket: 'servers',
    });
    expect(deviceTags).toEqual(['--write-device-tags', 'host,device']);
  });
});

describe('Telegraf: cpu of 8 cores, 3 disks and net, every ten seconds', () => {
  let hub: HubProcess;
  let output: Output;
  beforeAll(async () => {
    hub = await HubProcess.start(deviceTags);
    output = await configure(hub);
  });
  afterAll(async () => {
    await hub[Symbol.asyncDispose]();
  });

  test('every batch is taken with 204', async () => {
    for (const metrics of intervals) {
      const text = metrics.map((metric) => toLine(metric)).join('');
      expect(await writeBatch(output, text)).toEqual({ status: 204, body: '' });
    }
  });

  test('as many values are stored as were sent, each with its time, tags and value', async () => {
    const { series } = await historyOf(hub, host);
    const stored = series.flatMap(({ metric, tags = {}, points = [] }) =>
      points.map(([timeMs, value]) => entryOf(metric, tags, timeMs, value)),
    );
    expect(stored).toHaveLength(countFields(sent));
    expect(stored.toSorted()).toEqual(ledgerOf(sent));
    console.log(`${countFields(sent)} values sent, ${stored.length} stored.`);
  });

  test('each core and each disk is a series of its own', async () => {
    const { series } = await historyOf(hub, host, 'cpu');
    const idle = series.filter(({ metric }) => metric === 'cpu.usage_idle');
    expect(new Set(idle.map(({ tags }) => tags?.['cpu']))).toEqual(
      new Set(['cpu-total', ...Array.from({ length: 8 }, (_, core) => `cpu${core}`)]),
    );
    const disks = (await historyOf(hub, host, 'disk')).series.filter(({ metric }) => metric === 'disk.free');
    expect(new Set(disks.map(({ tags }) => tags?.['path']))).toEqual(
      new Set(['/', '/boot/efi', '/srv/big data']),
    );
  });

  test('the machine is a device in the registry, with its metrics', async () => {
    const { items } = await hub.json<{ items: DeviceInfo[] }>(`/api/v1/groups/${output.bucket}/devices`);
    expect(items.map(({ device }) => device)).toEqual([host]);
    expect(items[0]?.presence).toBe('online');
    expect(items[0]?.metrics.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['cpu.usage_idle', 'disk.used_percent', 'net.bytes_recv']),
    );
  });

  test('a batch that Telegraf repeats adds nothing', async () => {
    const text = (intervals.at(-1) ?? []).map((metric) => toLine(metric)).join('');
    expect((await writeBatch(output, text)).status).toBe(204);
    const answers = await Promise.all(measurements.map((measurement) => historyOf(hub, host, measurement)));
    expect(countValues(answers)).toBe(countFields(sent));
  });

  test('a bad line is named, kept in quarantine, and costs no other', async () => {
    const [good, other] = collect('server-2', now, ticks + 1);
    if (good === undefined || other === undefined) throw new Error('There are no metrics.');
    const bad = 'cpu,host=server-2 usage_idle=\n';
    const answer = await writeBatch(output, toLine(good) + bad + toLine(other));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      400,
      {
        code: 'invalid',
        message: `partial write: line 2: unable to parse ${JSON.stringify(bad.trim())}: missing field value dropped=1`,
      },
    ]);
    expect(countValues([await historyOf(hub, 'server-2', 'cpu')])).toBe(countFields([good, other]));
    const { items } = await hub.json<{ items: { payload: string }[] }>('/api/v1/quarantine');
    expect(items.map(({ payload }) => payload)).toEqual([bad.trim()]);
  });

  test('the token opens no other bucket', async () => {
    expect((await writeBatch({ ...output, bucket: 'plant' }, 'm f=1\n')).status).toBe(404);
  });
});

describe('Telegraf: without the setting', () => {
  test("as many values are stored; the disks' own tag names them as devices", async () => {
    await using hub = await HubProcess.start();
    const output = await configure(hub);
    const metrics = intervals[0] ?? [];
    expect((await writeBatch(output, metrics.map((metric) => toLine(metric)).join(''))).status).toBe(204);
    const { items } = await hub.json<{ items: DeviceInfo[] }>(`/api/v1/groups/${output.bucket}/devices`);
    const devices = items.map(({ device }) => device);
    expect(devices.toSorted()).toEqual(['nvme0n1p1', 'nvme0n1p2', 'sda1', host]);
    const answers = await Promise.all(
      devices.flatMap((device) => measurements.map((measurement) => historyOf(hub, device, measurement))),
    );
    expect(countValues(answers)).toBe(countFields(metrics));
  });
});

/**
 * The official client of InfluxDB writes to the hub unchanged: the address and the token are all that is different. Also
 * what other clients of 1.x and 2.x ask before they write.
 */
import { HttpError, InfluxDB, Point, type WriteApi } from '@influxdata/influxdb-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { HubProcess } from '../support/hub-process.ts';

const startMs = Date.now() - 3_600_000;
let hub: HubProcess;
let token: string;
beforeAll(async () => {
  hub = await HubProcess.start();
  token = await hub.createToken({ name: 'client', role: 'gateway', groups: ['plant'] });
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
});

function clientFor(bucket: string, secret: string, gzipThreshold = 1000): WriteApi {
  const client = new InfluxDB({ url: hub.url, token: secret });
  // One batch a flush: the client waits for no batch that it began by itself.
  const options = { gzipThreshold, batchSize: 10_000, maxRetries: 0, flushInterval: 0 };
  return client.getWriteApi('any', bucket, 'ms', options);
}

function history(device: string): Promise<HistoryAnswer> {
  return hub.json(`/api/v1/groups/plant/devices/${device}/history?start=0&limit=20000`);
}

/** How one line is refused. */
async function refusalOf(bucket: string, secret: string, line: string): Promise<unknown> {
  const write = clientFor(bucket, secret);
  write.writeRecord(line);
  const error: unknown = await write.close().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpError)) throw new Error('It was not refused.');
  return [error.statusCode, error.code];
}

describe('The official client', () => {
  test('points of every kind of field, in large packed batches, with default tags', async () => {
    const write = clientFor('plant', token);
    write.useDefaultTags({ device: 'press-1' });
    const count = 4000;
    for (let n = 0; n < count; n += 1)
      write.writePoint(
        new Point('press')
          .tag('line', 'a, b=c')
          .floatField('pressure', n / 8)
          .intField('strokes', n)
          .uintField('parts', n)
          .booleanField('open', n % 2 === 0)
          .stringField('state', `n "${n}"`)
          .timestamp(new Date(startMs + n)),
      );
    await write.close();
    const { series } = await history('press-1');
    expect(series.map(({ metric, tags, points }) => [metric, tags, points?.length])).toEqual(
      ['open', 'parts', 'pressure', 'state', 'strokes'].map((field) => [
        `press.${field}`,
        { line: 'a, b=c' },
        count,
      ]),
    );
    const last = (field: string) => series.find(({ metric }) => metric === `press.${field}`)?.points?.at(-1);
    const at = startMs + count - 1;
    expect(['open', 'parts', 'pressure', 'state', 'strokes'].map(last)).toEqual([
      [at, false],
      [at, 3999],
      [at, 3999 / 8],
      [at, 'n "3999"'],
      [at, 3999],
    ]);
  });

  test('lines as they are, unpacked, each acknowledged by its flush', async () => {
    const write = clientFor('plant', token, 1e9);
    write.writeRecord(`m,device=bare f=1 ${startMs}`);
    await write.flush();
    expect((await history('bare')).series).toMatchObject([{ metric: 'm.f', points: [[startMs, 1]] }]);
    await write.close();
  });

  test('is told what InfluxDB would tell it: a bad line, a wrong token, a bucket that is not its own', async () => {
    expect(await refusalOf('plant', token, 'm,device=d f=')).toEqual([400, 'invalid']);
    expect(await refusalOf('plant', 'wrong', 'm f=1')).toEqual([401, 'unauthorized']);
    expect(await refusalOf('office', token, 'm f=1')).toEqual([404, 'not found']);
  });
});

const lineOf = (n: number): string => `m,device=old f=${n} ${startMs + n}`;

describe('What clients ask before they write', () => {
  test('/ping, also with HEAD, and /health are open and name a version', async () => {
    for (const method of ['GET', 'HEAD']) {
      const ping = await fetch(`${hub.url}/ping`, { method });
      expect([ping.status, ping.headers.get('x-influxdb-version')]).toEqual([204, 'v2.7.0']);
    }
    const health = await fetch(`${hub.url}/health`);
    expect([health.status, await health.json()]).toMatchObject([200, { status: 'pass' }]);
  });

  test('a client of 1.x writes with user and password, in the path or in the header', async () => {
    const basic = `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}`;
    const ways: readonly (readonly [string, Record<string, string>])[] = [
      ['db=plant&precision=ms', { authorization: basic }],
      ['db=plant&precision=ms&rp=autogen&consistency=any', { authorization: `Token ${token}` }],
    ];
    for (const [n, [query, headers]] of ways.entries()) {
      const response = await fetch(`${hub.url}/write?${query}`, { method: 'POST', headers, body: lineOf(n) });
      expect([query, response.status, await response.text()]).toEqual([query, 204, '']);
    }
    expect((await history('old')).series[0]?.points).toEqual(ways.map((_, n) => [startMs + n, n]));
  });
});

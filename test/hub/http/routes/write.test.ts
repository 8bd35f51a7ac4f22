import { gzipSync } from 'node:zlib';
import type { LightMyRequestResponse } from 'fastify';
import { beforeEach, describe, expect, test } from 'vitest';
import { RejectedDeliveryError, TryAgainError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

const v2 = '/api/v2/write?org=any&bucket=plant';
const v1 = '/write?db=plant';

async function write(
  payload: string | Buffer,
  url = v2,
  headers: Readonly<Record<string, string>> = {},
): Promise<LightMyRequestResponse> {
  return await rig.request({ method: 'POST', url, payload, headers });
}

function basic(name: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}

describe('InfluxDB 2: POST /api/v2/write', () => {
  test('the bucket is the group, a tag names the device; 204 without a body, after the commit', async () => {
    const order: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    rig.ingest.answer = async ({ readings }) => {
      await promise;
      order.push('durable');
      return { epoch: 'e1', offset: 7, accepted: readings.length, rejected: [] };
    };
    const answering = write('cpu,host=a,cpu=cpu0 usage=1.5,idle=2i 1780000000000000000\n').then((answer) => {
      order.push('answered');
      return answer;
    });
    await new Promise(setImmediate);
    resolve();
    const answer = await answering;
    expect(order).toEqual(['durable', 'answered']);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    const common = {
      group: 'plant',
      device: 'a',
      tags: { cpu: 'cpu0' },
      timeUs: 1_780_000_000_000_000,
      quality: 'good',
    };
    expect(rig.ingest.deliveries).toMatchObject([
      {
        source: { edge: 'http', principal: rig.adminToken.split('_')[1] },
        receivedAtUs: rig.clock.nowUs(),
        readings: [
          { ...common, metric: 'cpu.usage', value: 1.5 },
          { ...common, metric: 'cpu.idle', value: 2 },
        ],
      },
    ]);
    expect(Object.keys(rig.ingest.deliveries[0]?.readings[0] ?? {})).not.toContain('row');
  });

  for (const [precision, stamp] of [
    ['ns', '1780000000000000000'],
    ['us', '1780000000000000'],
    ['ms', '1780000000000'],
    ['s', '1780000000'],
  ] as const)
    test(`precision=${precision}`, async () => {
      expect((await write(`m f=1 ${stamp}`, `${v2}&precision=${precision}`)).statusCode).toBe(204);
      expect(rig.ingest.deliveries[0]?.readings[0]?.timeUs).toBe(1_780_000_000_000_000);
    });

  for (const type of [
    'text/plain; charset=utf-8',
    'application/x-www-form-urlencoded',
    'application/json',
    '',
  ])
    test(`the content type ${JSON.stringify(type)} is taken`, async () => {
      const headers = type === '' ? {} : { 'content-type': type };
      expect((await write('m f=1', v2, headers)).statusCode).toBe(204);
      expect(rig.ingest.deliveries).toHaveLength(1);
    });

  test('gzip is unpacked', async () => {
    expect((await write(gzipSync('m f=1\nm g=2'), v2, { 'content-encoding': 'gzip' })).statusCode).toBe(204);
    expect(rig.ingest.deliveries[0]?.readings.map(({ metric }) => metric)).toEqual(['m.f', 'm.g']);
  });

  test('a bucket that is no id becomes one by the rule of all edges', async () => {
    await write('m f=1', '/api/v2/write?bucket=My%20Bucket');
    expect(rig.ingest.deliveries[0]?.readings[0]?.group).toMatch(/^my_bucket-[0-9a-f]{4}$/);
  });

  test('which tags name the device is a setting', async () => {
    rig = await HttpRig.start({ writeDeviceTags: ['sensor'] });
    await write('m,sensor=s1,host=a f=1');
    expect(rig.ingest.deliveries[0]?.readings[0]).toMatchObject({ device: 's1', tags: { host: 'a' } });
  });

  test('a large batch goes in as deliveries of a bounded size', async () => {
    const lines = Array.from(
      { length: limits.readingsPerDelivery + 1 },
      (_, index) => `m f=${index} ${index}`,
    );
    expect((await write(lines.join('\n'))).statusCode).toBe(204);
    expect(rig.ingest.deliveries.map(({ readings }) => readings.length)).toEqual([1000, 1]);
  });

  for (const text of ['', '\n\n', '# only a comment'])
    test(`${JSON.stringify(text)} brings nothing and loses nothing`, async () => {
      expect((await write(text)).statusCode).toBe(204);
      expect(rig.ingest.deliveries).toHaveLength(0);
    });
});

describe('lines that can never be accepted', () => {
  test('are named in a 400 and kept in quarantine; the good ones are stored', async () => {
    const answer = await write('a f=1\nb\nc f=2\nd f=x');
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      { code: 'invalid', message: 'partial write: line 2: unable to parse "b": missing fields dropped=2' },
    ]);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(rig.ingest.deliveries[0]?.readings.map(({ metric }) => metric)).toEqual(['a.f', 'c.f']);
    const [item] = rig.ingest.quarantined;
    expect(rig.ingest.quarantined).toHaveLength(1);
    expect(item).toMatchObject({ code: 'missing-fields', source: { edge: 'http' } });
    expect(Buffer.from(item?.raw.bytes ?? []).toString()).toBe('b\nd f=x');
  });

  test('are in quarantine before the answer, even when nothing is left', async () => {
    const answer = await write('a\nb');
    expect([answer.statusCode, answer.json().message]).toEqual([
      400,
      'partial write: line 1: unable to parse "a": missing fields dropped=2',
    ]);
    expect(rig.ingest.quarantined).toHaveLength(1);
    expect(rig.ingest.deliveries).toHaveLength(0);
  });

  test('what ingest refuses is told by its line; it is not quarantined with its neighbours', async () => {
    rig.ingest.answer = ({ readings }) => {
      return {
        epoch: 'e1',
        offset: 1,
        accepted: readings.length - 2,
        rejected: [1, 2].map((index) => ({ index, code: 'older-than-retention', message: 'Too old.' })),
      };
    };
    const answer = await write('a f=1\nb f=1,g=2\nc');
    expect([answer.statusCode, answer.json().message]).toEqual([
      400,
      'partial write: line 2: b.f: Too old. dropped=2',
    ]);
    expect(rig.ingest.deliveries[0]?.raw).toBeUndefined();
  });

  test('when ingest refuses all of it the answer is 400 as well', async () => {
    rig.ingest.answer = () => Promise.reject(new RejectedDeliveryError('too-old', 'All too old.'));
    const answer = await write('a f=1\nb f=1');
    expect([answer.statusCode, answer.json().message]).toEqual([
      400,
      'partial write: line 1: a.f: All too old. dropped=2',
    ]);
  });

  test('a body that is no gzip is 400 and in quarantine, byte for byte', async () => {
    for (const bytes of [Buffer.from('m f=1'), gzipSync('m f=1').subarray(0, 15)]) {
      rig.ingest.quarantined.length = 0;
      const answer = await write(bytes, v2, { 'content-encoding': 'gzip' });
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid']);
      expect(answer.json().message).toContain('unable to parse');
      expect(rig.ingest.quarantined.map(({ raw }) => Buffer.from(raw.bytes))).toEqual([bytes]);
    }
  });
});

describe('refusals in the words of InfluxDB', () => {
  test('without a bucket, or with an unknown precision: 400 invalid', async () => {
    for (const url of ['/api/v2/write', '/api/v2/write?bucket=', '/write', `${v2}&precision=years`]) {
      const answer = await write('m f=1', url);
      expect([answer.statusCode, answer.json().code], url).toEqual([400, 'invalid']);
    }
    expect(rig.ingest.deliveries).toHaveLength(0);
  });

  test('without a token or with a wrong one: 401 unauthorized', async () => {
    for (const headers of [{}, { authorization: 'Token wrong' }, { authorization: 'Basic OnB3' }]) {
      const answer = await rig.anonymous({ method: 'POST', url: v2, payload: 'm f=1', headers });
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthorized']);
    }
  });

  test('a bucket that is not yours is 404, as one that does not exist', async () => {
    const token = await rig.token({ name: 'g', role: 'gateway', groups: ['office'] });
    const answer = await write('m f=1', v2, { authorization: `Token ${token}` });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'not found']);
  });

  test('a role that may not write is 403 forbidden', async () => {
    const token = await rig.token({ name: 'v', role: 'viewer', groups: ['plant'] });
    const answer = await write('m f=1', v2, { authorization: `Token ${token}` });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden']);
  });

  test('more bytes or readings than one request may bring: 413, and nothing is stored', async () => {
    const bomb = gzipSync(Buffer.alloc(limits.httpBatchBytes + 1, 'm f=1\n'));
    expect(bomb.length).toBeLessThan(100_000);
    const answers = [
      await write(bomb, v2, { 'content-encoding': 'gzip' }),
      await write('x'.repeat(limits.httpBatchBytes + 1)),
      await write('m f=1\n'.repeat(limits.readingsPerHttpRequest + 1)),
      await write('m\n'.repeat(limits.readingsPerHttpRequest + 1)),
    ];
    for (const answer of answers)
      expect([answer.statusCode, answer.json().code]).toEqual([413, 'request too large']);
    expect([...rig.ingest.deliveries, ...rig.ingest.quarantined]).toHaveLength(0);
  });

  test('another encoding than gzip: 415', async () => {
    expect((await write('m f=1', v2, { 'content-encoding': 'br' })).statusCode).toBe(415);
  });

  test('not now: 503 unavailable with Retry-After in whole seconds', async () => {
    rig.ingest.answer = () => Promise.reject(new TryAgainError('disk-full', 'The disk is full.', 1500));
    const answer = await write('m f=1');
    expect([answer.statusCode, answer.headers['retry-after'], answer.json()]).toEqual([
      503,
      '2',
      { code: 'unavailable', message: 'The disk is full.' },
    ]);
  });

  test('what went wrong inside is 500 and keeps its details to itself', async () => {
    rig.ingest.answer = () => Promise.reject(new Error('SQLITE_CORRUPT /data/hub.db'));
    const answer = await write('m f=1');
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal error']);
    expect(answer.body).not.toContain('SQLITE');
    expect(rig.errors).toEqual(['A request failed inside the hub.']);
  });
});

describe('who may write for which device', () => {
  test('a gateway writes for every device of its groups', async () => {
    const token = await rig.token({ name: 'g', role: 'gateway', groups: ['plant'] });
    const answer = await write('m,host=a f=1\nm,host=b f=1\nm f=1', v2, { authorization: `Token ${token}` });
    expect(answer.statusCode).toBe(204);
    expect(rig.ingest.deliveries[0]?.readings.map(({ device }) => device)).toEqual(['a', 'b', 'default']);
  });

  test('a gateway of all groups writes to any bucket', async () => {
    const token = await rig.token({ name: 'g', role: 'gateway', groups: '*' });
    expect((await write('m f=1', v2, { authorization: `Token ${token}` })).statusCode).toBe(204);
  });

  test('a device writes for itself, whether its lines name it or nobody', async () => {
    const token = await rig.token({ name: 'd', role: 'device', groups: ['plant'], device: 'pump' });
    const headers = { authorization: `Token ${token}` };
    expect((await write('m,device=pump f=1\nm f=2', v2, headers)).statusCode).toBe(204);
    expect(rig.ingest.deliveries[0]?.readings.map(({ device }) => device)).toEqual(['pump', 'pump']);
  });

  test('a line for another device refuses the whole request', async () => {
    const token = await rig.token({ name: 'd', role: 'device', groups: ['plant'], device: 'pump' });
    const answer = await write('m f=1\nm,device=valve f=2\nbad', v2, { authorization: `Token ${token}` });
    expect([answer.statusCode, answer.json()]).toEqual([
      403,
      { code: 'forbidden', message: 'This token may not write for the device valve.' },
    ]);
    expect([...rig.ingest.deliveries, ...rig.ingest.quarantined]).toHaveLength(0);
  });
});

describe('InfluxDB 1.x: POST /write', () => {
  test('the database is the group; the retention policy is not looked at', async () => {
    expect((await write('m f=1 1780000000', `${v1}&rp=autogen&precision=s`)).statusCode).toBe(204);
    expect(rig.ingest.deliveries[0]?.readings[0]).toMatchObject({
      group: 'plant',
      timeUs: 1_780_000_000_000_000,
    });
  });

  test('the token is the password of any name', async () => {
    for (const headers of [
      basic('telegraf', rig.adminToken),
      basic('', rig.adminToken),
      { authorization: `Token ${rig.adminToken}` },
    ]) {
      const answer = await rig.anonymous({ method: 'POST', url: v1, payload: 'm f=1', headers });
      expect(answer.statusCode).toBe(204);
    }
    for (const headers of [
      basic('telegraf', 'wrong'),
      basic(rig.adminToken, ''),
      { authorization: 'Basic ???' },
    ]) {
      const answer = await rig.anonymous({ method: 'POST', url: v1, payload: 'm f=1', headers });
      expect(answer.statusCode).toBe(401);
    }
  });

  test('Basic opens no other route', async () => {
    const headers = basic('telegraf', rig.adminToken);
    for (const url of ['/api/v1/status', '/api/v1/tokens'])
      expect((await rig.anonymous({ url, headers })).statusCode).toBe(401);
    expect((await rig.anonymous({ method: 'POST', url: v2, payload: 'm f=1', headers })).statusCode).toBe(
      401,
    );
  });

  for (const parameter of ['u', 'p', 'token'])
    test(`the parameter ${parameter} is refused: nothing secret belongs into a URL`, async () => {
      const answer = await write('m f=1', `${v1}&${parameter}=x`);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid']);
      expect(rig.ingest.deliveries).toHaveLength(0);
    });

  test('errors have their text where clients of 1.x look for it', async () => {
    const message = 'partial write: line 1: unable to parse "m": missing fields dropped=1';
    expect((await write('m', v1)).json()).toEqual({ code: 'invalid', message, error: message });
  });
});

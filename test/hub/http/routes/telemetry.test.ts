import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LightMyRequestResponse } from 'fastify';
import { RejectedDeliveryError, TryAgainError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

const url = '/api/v1/groups/plant/devices/pump/telemetry';

async function post(
  payload: object | string,
  contentType = 'application/json',
): Promise<LightMyRequestResponse> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return await rig.request({ method: 'POST', url, payload: text, headers: { 'content-type': contentType } });
}

async function postPacked(payload: Buffer, encoding: string): Promise<LightMyRequestResponse> {
  const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
  return await rig.request({ method: 'POST', url, payload, headers });
}

describe('readings of one device', () => {
  test('the answer comes after the commit, and not before', async () => {
    const order: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    rig.ingest.answer = async ({ readings }) => {
      await promise;
      order.push('durable');
      return { epoch: 'e1', offset: 7, accepted: readings.length, rejected: [] };
    };
    const answering = post({ flow: 2 }).then((answer) => {
      order.push('answered');
      return answer;
    });
    await new Promise(setImmediate);
    resolve();
    const answer = await answering;
    expect(order).toEqual(['durable', 'answered']);
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { epoch: 'e1', offset: 7, accepted: 1, rejectedCount: 0, rejected: [] },
    ]);
  });

  test('group and device are those of the path, the source is who asked', async () => {
    await post({ ts: 1_780_000_000_000, values: { flow: 2 }, id: 'a', device: 'other', group: 'office' });
    const [delivery] = rig.ingest.deliveries;
    expect(delivery?.readings).toEqual([
      {
        group: 'plant',
        device: 'pump',
        metric: 'flow',
        timeUs: 1_780_000_000_000_000,
        value: 2,
        quality: 'good',
        id: 'a',
      },
    ]);
    expect(delivery?.source).toMatchObject({ edge: 'http', address: '127.0.0.1' });
    expect(delivery?.source.principal).toBe(rig.adminToken.split('_')[1]);
    expect(delivery?.receivedAtUs).toBe(rig.clock.nowUs());
  });

  test('null, true and "1" stay what they are: nothing is coerced', async () => {
    await post('{"a":null,"b":true,"c":"1","d":12345678901234567890}');
    const values = rig.ingest.deliveries[0]?.readings.map(({ value, quality }) => [value, quality]);
    expect(values).toEqual([
      [null, 'bad'],
      [true, 'good'],
      ['1', 'good'],
      ['12345678901234567890', 'uncertain'],
    ]);
  });

  test('SenML is read under its content type and under JSON', async () => {
    const pack = [{ bn: 'urn:dev:x:', n: 'temp', u: 'Cel', v: 21, t: -1 }];
    for (const type of [
      'application/senml+json',
      'application/json',
      'application/senml+json; charset=utf-8',
    ])
      expect((await post(pack, type)).statusCode).toBe(200);
    for (const { readings } of rig.ingest.deliveries)
      expect(readings).toEqual([
        { group: 'plant', device: 'pump', metric: 'temp', value: 21, timeUs: rig.clock.nowUs() - 1_000_000 },
      ]);
  });

  test('a payload that names several devices cannot be all of the one in the path', async () => {
    const answer = await post([
      { device: 'pump', a: 1 },
      { device: 'valve', b: 2 },
    ]);
    expect(answer.json()).toMatchObject({
      accepted: 1,
      rejectedCount: 1,
      rejected: [{ code: 'foreign-device' }],
    });
    expect(rig.ingest.quarantined).toHaveLength(1);
  });

  test('a large batch goes in as deliveries of a bounded size, answered with one receipt', async () => {
    const count = limits.readingsPerDelivery * 2 + 1;
    const answer = await post(
      Array.from({ length: count }, (_, index) => ({ ts: index, values: { n: index } })),
    );
    expect(rig.ingest.deliveries.map(({ readings }) => readings.length)).toEqual([1000, 1000, 1]);
    expect(answer.json()).toMatchObject({ accepted: count, offset: 3 });
  });
});

describe('what cannot be accepted', () => {
  test('is listed by its index in the whole request', async () => {
    rig.ingest.answer = ({ readings }, offset) => {
      const rejected = offset === 2 ? [{ index: 5, code: 'too-old', message: 'Too old.' }] : [];
      return { epoch: 'e1', offset, accepted: readings.length - rejected.length, rejected };
    };
    const answer = await post(Array.from({ length: 1500 }, (_, index) => ({ n: index })));
    expect(answer.json()).toMatchObject({
      accepted: 1499,
      rejectedCount: 1,
      rejected: [{ index: 1005, code: 'too-old' }],
    });
  });

  test('is listed by the item that was sent, whatever could not be read before it', async () => {
    rig.ingest.answer = ({ readings }, offset) => {
      const rejected = [{ index: 1, code: 'too-old', message: 'Too old.' }];
      return { epoch: 'e1', offset, accepted: readings.length - 1, rejected };
    };
    const answer = await post([5, { device: 'valve', a: 1 }, { device: 'pump', b: 2 }, { c: 3 }]);
    expect(answer.json()).toMatchObject({
      accepted: 1,
      rejected: [
        { index: 0, code: 'not-an-object', path: '/0' },
        { index: 1, code: 'foreign-device', metric: 'a' },
        { index: 3, code: 'too-old', metric: 'c' },
      ],
    });
  });

  test('a part that is no reading is in quarantine and listed; the rest is stored', async () => {
    const answer = await post([{ a: 1 }, 5]);
    expect(answer.json()).toMatchObject({ accepted: 1, rejected: [{ path: '/1', code: 'not-an-object' }] });
    expect(rig.ingest.quarantined).toMatchObject([{ code: 'not-an-object', source: { edge: 'http' } }]);
  });

  test('when nothing is left the answer is 422, and the payload is in quarantine', async () => {
    const answer = await post([5, 6]);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'not-an-object']);
    expect(rig.ingest.quarantined).toHaveLength(1);
    expect(rig.ingest.deliveries).toHaveLength(0);
  });

  test('when ingest refuses all of it the answer is 422 with its reason', async () => {
    rig.ingest.answer = () => Promise.reject(new RejectedDeliveryError('too-old', 'All too old.'));
    const answer = await post({ a: 1 });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'too-old']);
  });

  test('when ingest refuses one delivery of several, its readings are listed', async () => {
    rig.ingest.answer = ({ readings }, offset) => {
      if (offset === 1) throw new RejectedDeliveryError('too-old', 'All too old.');
      return { epoch: 'e1', offset, accepted: readings.length, rejected: [] };
    };
    const answer = await post(Array.from({ length: 1001 }, () => ({ a: 1 })));
    expect(answer.json()).toMatchObject({ accepted: 1, rejectedCount: 1000 });
    expect(answer.json().rejected).toHaveLength(1000);
  });

  for (const text of ['', '{', '{"a":NaN}', '[1,', 'hello', '{"a":1}}'])
    test(`${JSON.stringify(text)} is 400 and in quarantine, byte for byte`, async () => {
      const answer = await post(text);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-json']);
      expect(rig.ingest.quarantined.map(({ raw }) => Buffer.from(raw.bytes).toString())).toEqual([text]);
    });

  test('33 levels are too deep, 100,000 as well', async () => {
    for (const levels of [33, 100_000]) {
      const answer = await post(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'too-deep']);
    }
    expect(rig.ingest.deliveries).toHaveLength(0);
  });

  test('more readings than one request may bring are 413, and none is stored', async () => {
    const answer = await post(
      `[${Array(limits.readingsPerHttpRequest + 1)
        .fill('{"a":1}')
        .join(',')}]`,
    );
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'too-many-readings']);
    expect(rig.ingest.deliveries).toHaveLength(0);
  });

  test('a body beyond 10 MiB is 413', async () => {
    const answer = await post(`"${'x'.repeat(limits.httpBatchBytes)}"`);
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'body-too-large']);
  });

  const types = [
    'text/plain',
    'application/xml',
    'application/json\ta',
    'application/json garbage',
    'multipart/form-data',
  ];
  for (const type of types)
    test(`the content type ${JSON.stringify(type)} is 415`, async () => {
      expect((await post('{"a":1}', type)).statusCode).toBe(415);
      expect(rig.ingest.deliveries).toHaveLength(0);
    });
});

describe('not now', () => {
  test('is 503 with Retry-After in whole seconds, never less than one', async () => {
    for (const [ms, seconds] of [
      [1, '1'],
      [1500, '2'],
    ] as const) {
      rig.ingest.answer = () => Promise.reject(new TryAgainError('disk-full', 'The disk is full.', ms));
      const answer = await post({ a: 1 });
      expect([answer.statusCode, answer.headers['retry-after'], answer.json().code]).toEqual([
        503,
        seconds,
        'disk-full',
      ]);
    }
  });

  test('if one delivery of several could not be stored, the whole request is sent again', async () => {
    rig.ingest.answer = ({ readings }, offset) => {
      if (offset === 2) throw new TryAgainError('busy', 'Busy.');
      return { epoch: 'e1', offset, accepted: readings.length, rejected: [] };
    };
    expect((await post(Array.from({ length: 2500 }, () => ({ a: 1 })))).statusCode).toBe(503);
  });

  test('a quarantine that cannot be written is not now, either', async () => {
    rig.ingest.quarantine = () => Promise.reject(new TryAgainError('disk-full', 'The disk is full.'));
    expect((await post('{')).statusCode).toBe(503);
  });

  test('an unexpected error is 500, keeps its details to itself and is logged', async () => {
    rig.ingest.answer = () => Promise.reject(new Error('SQLITE_CORRUPT /data/hub.db'));
    const answer = await post({ a: 1 });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('SQLITE');
    expect(rig.errors).toEqual(['A request failed inside the hub.']);
  });
});

describe('one JSON value a line', () => {
  const type = 'application/x-ndjson';

  test('each line is telemetry of its own', async () => {
    const answer = await post('{"a":1}\n{"ts":1780000000000,"values":{"b":2}}\n', type);
    expect(answer.json()).toMatchObject({ accepted: 2, rejectedCount: 0 });
    expect(rig.ingest.deliveries[0]?.readings.map(({ metric }) => metric)).toEqual(['a', 'b']);
  });

  test('a bad line is listed by its place and in quarantine; the others are stored', async () => {
    const answer = await post('{"a":1}\n{"b":\n{"c":3}', type);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      { accepted: 2, rejectedCount: 1, rejected: [{ path: '/1', code: 'invalid-json' }] },
    ]);
    expect(rig.ingest.quarantined).toHaveLength(1);
  });

  test('when no line is left the answer is 422', async () => {
    expect((await post('x\ny', type)).statusCode).toBe(422);
  });

  test('bad lines without end are 413, not a list of them', async () => {
    const answer = await post('x\n'.repeat(limits.readingsPerHttpRequest + 1), type);
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'too-many-readings']);
    expect(rig.ingest.quarantined).toHaveLength(0);
  });
});

describe('compressed bodies', () => {
  for (const encoding of ['gzip', 'GZIP', 'x-gzip'])
    test(`${encoding} is unpacked`, async () => {
      expect((await postPacked(gzipSync('{"a":1}'), encoding)).json()).toMatchObject({ accepted: 1 });
    });

  test('identity is as it is', async () => {
    expect((await postPacked(Buffer.from('{"a":1}'), 'identity')).statusCode).toBe(200);
  });

  test('what is in quarantine is unpacked, if it can be', async () => {
    await postPacked(gzipSync('{'), 'gzip');
    await postPacked(Buffer.from('no gzip'), 'gzip');
    expect(rig.ingest.quarantined.map(({ raw, code }) => [Buffer.from(raw.bytes).toString(), code])).toEqual([
      ['{', 'invalid-json'],
      ['no gzip', 'invalid-gzip'],
    ]);
  });

  test('a bomb is 413, another encoding 415', async () => {
    const bomb = gzipSync(Buffer.alloc(limits.httpBatchBytes + 1, ' '));
    expect((await postPacked(bomb, 'gzip')).json()).toMatchObject({ status: 413, code: 'body-too-large' });
    expect((await postPacked(Buffer.from('{}'), 'br')).json()).toMatchObject({ status: 415 });
    expect(rig.ingest.deliveries).toHaveLength(0);
  });
});

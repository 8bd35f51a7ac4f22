import { beforeEach, describe, expect, test } from 'vitest';
import type { LightMyRequestResponse } from 'fastify';
import { TryAgainError } from '#contract/errors.ts';
import { HttpRig } from './support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

const telemetry = '/api/v1/groups/plant/devices/pump/telemetry';
const post = (url: string, key: string, payload: object, token?: string): Promise<LightMyRequestResponse> =>
  rig.request({
    method: 'POST',
    url,
    payload,
    headers: { 'idempotency-key': key, ...(token && { authorization: `Bearer ${token}` }) },
  });

describe('Idempotency-Key', () => {
  test('a repeat gets the first answer and is not carried out again', async () => {
    const first = await post(telemetry, 'k1', { flow: 1 });
    const again = await post(telemetry, 'k1', { flow: 1 });
    expect(rig.ingest.deliveries).toHaveLength(1);
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual(first.json());
    expect(again.headers['idempotency-replayed']).toBe('true');
    await post(telemetry, 'k2', { flow: 1 });
    expect(rig.ingest.deliveries).toHaveLength(2);
  });

  test('a secret that is shown once is shown to a repeat, and no second token is made', async () => {
    const payload = { name: 'x', role: 'viewer', groups: '*' };
    const first = await post('/api/v1/tokens', 'k1', payload);
    const again = await post('/api/v1/tokens', 'k1', payload);
    expect(again.statusCode).toBe(201);
    expect(again.json()).toEqual(first.json());
    expect(rig.access.tokens()).toHaveLength(2);
  });

  test('the same key with another body is refused', async () => {
    await post(telemetry, 'k1', { flow: 1 });
    const other = await post(telemetry, 'k1', { flow: 2 });
    expect([other.statusCode, other.json().code]).toEqual([422, 'key-reused']);
  });

  test('a request that is under way is not begun a second time', async () => {
    const release = Promise.withResolvers<void>();
    rig.ingest.answer = async () => {
      await release.promise;
      return { epoch: 'e1', offset: 1, accepted: 1, rejected: [] };
    };
    const first = post(telemetry, 'k1', { flow: 1 });
    await expect.poll(() => rig.ingest.deliveries.length).toBe(1);
    const second = await post(telemetry, 'k1', { flow: 1 });
    expect([second.statusCode, second.json().code]).toEqual([409, 'in-progress']);
    release.resolve();
    expect((await first).statusCode).toBe(200);
    expect((await post(telemetry, 'k1', { flow: 1 })).statusCode).toBe(200);
  });

  test('"not now" is no answer: the repeat is a new attempt', async () => {
    rig.ingest.answer = () => Promise.reject(new TryAgainError('disk-full', 'Later.'));
    expect((await post(telemetry, 'k1', { flow: 1 })).statusCode).toBe(503);
    rig.ingest.answer = () => ({ epoch: 'e1', offset: 1, accepted: 1, rejected: [] });
    expect((await post(telemetry, 'k1', { flow: 1 })).statusCode).toBe(200);
  });

  test('the key of somebody else is another key', async () => {
    const gateway = await rig.token({ name: 'gateway', role: 'gateway', groups: ['plant'] });
    await post(telemetry, 'k1', { flow: 1 });
    await post(telemetry, 'k1', { flow: 1 }, gateway);
    expect(rig.ingest.deliveries).toHaveLength(2);
  });

  test('is forgotten after an hour', async () => {
    await post(telemetry, 'k1', { flow: 1 });
    rig.clock.advance(3_600_001);
    await post(telemetry, 'k1', { flow: 1 });
    expect(rig.ingest.deliveries).toHaveLength(2);
  });

  test('a key that is none is refused', async () => {
    const refused = await post(telemetry, 'with space', { flow: 1 });
    expect([refused.statusCode, refused.json().code]).toEqual([400, 'invalid-key']);
  });
});

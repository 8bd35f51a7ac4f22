import { beforeEach, describe, expect, test } from 'vitest';
import type { LightMyRequestResponse } from 'fastify';
import { RequestError } from '#contract/errors.ts';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});
const url = '/api/v1/groups/plant/devices/pump/commands';

function send(payload: object, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  return rig.request({ method: 'POST', url, payload, headers });
}

describe('sending', () => {
  test('is 202 with the place to follow it', async () => {
    const answer = await send({ name: 'power', args: { value: true }, ttlMs: 5000, waitForDevice: true });
    expect([answer.statusCode, answer.headers.location]).toEqual([
      202,
      '/api/v1/groups/plant/commands/made-0',
    ]);
    expect(answer.json()).toMatchObject({
      device: 'pump',
      name: 'power',
      args: { value: true },
      state: 'queued',
    });
    const followed = await rig.request({ url: answer.headers.location as string });
    expect(followed.json()).toEqual(answer.json());
  });

  test('too fast is 429 and says when to come back, in seconds', async () => {
    rig.commands.send = () =>
      Promise.reject(new RequestError(429, 'too-many-commands', 'Too fast.', { retryAfterMs: 1200 }));
    const answer = await send({ name: 'power' });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '2']);
  });

  test('with the same Idempotency-Key is one command', async () => {
    const first = await send({ name: 'power' }, { 'idempotency-key': 'k-1' });
    const second = await send({ name: 'power' }, { 'idempotency-key': 'k-1' });
    expect(second.json()).toEqual(first.json());
    expect(rig.commands.records.map(({ id }) => id)).toEqual(['k-1']);
  });

  test('takes the key from the body as well, but not two different ones', async () => {
    expect((await send({ name: 'power', id: 'k-2' })).json().id).toBe('k-2');
    expect((await send({ name: 'power', id: 'k-3' }, { 'idempotency-key': 'k-3' })).statusCode).toBe(202);
    expect((await send({ name: 'power', id: 'k-4' }, { 'idempotency-key': 'k-5' })).statusCode).toBe(400);
  });

  test('to an unknown device is 404', async () => {
    const request = { method: 'POST', url: url.replace('pump', 'nothing'), payload: { name: 'x' } } as const;
    expect((await rig.request(request)).statusCode).toBe(404);
  });

  const wrong = [
    {},
    { name: '' },
    { name: 'x', ttlMs: 0 },
    { name: 'x', ttlMs: '5' },
    { name: 'x', more: 1 },
  ];
  for (const payload of [...wrong, { name: 'x', waitForDevice: 'true' }, { name: 'x', id: 'a/b' }])
    test(`${JSON.stringify(payload)} is 400`, async () => {
      expect((await send(payload)).statusCode).toBe(400);
      expect(rig.commands.records).toEqual([]);
    });

  test('a key that is no id is 400', async () => {
    expect((await send({ name: 'x' }, { 'idempotency-key': 'a b' })).statusCode).toBe(400);
  });
});

async function names(path: string): Promise<string[]> {
  const { items } = (await rig.request({ url: path })).json<{ items: { name: string }[] }>();
  return items.map(({ name }) => name);
}

describe('following', () => {
  test('lists by device and by group', async () => {
    await send({ name: 'a' });
    await rig.request({ method: 'POST', url: url.replace('pump', 'valve'), payload: { name: 'b' } });
    expect(await names(url)).toEqual(['a']);
    expect(await names('/api/v1/groups/plant/commands')).toEqual(['a', 'b']);
    expect(await names('/api/v1/groups/plant/commands?device=valve')).toEqual(['b']);
    expect(await names('/api/v1/groups/plant/commands?limit=1')).toEqual(['a']);
  });

  test('an unknown command, group or device is 404', async () => {
    const paths = [
      'groups/plant/commands/none',
      'groups/nowhere/commands',
      'groups/plant/devices/none/commands',
    ];
    for (const path of paths) expect((await rig.request({ url: `/api/v1/${path}` })).statusCode).toBe(404);
  });
});

test('a command that waits is taken back, and the audit log says by whom', async () => {
  await send({ name: 'power', id: 'k-1' });
  const cancel = (id: string) =>
    rig.request({ method: 'POST', url: `/api/v1/groups/plant/commands/${id}/cancel` });
  expect((await cancel('k-1')).json()).toMatchObject({ state: 'cancelled' });
  expect((await cancel('k-2')).statusCode).toBe(404);
  expect(rig.audit.entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(
    expect.arrayContaining(['command:cancel ok', 'command:cancel refused 404']),
  );
});

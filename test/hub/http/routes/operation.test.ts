import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('inbox and quarantine', () => {
  test('payloads are texts where they are texts, and base64 where not', async () => {
    const row = { topic: 't', principal: 'p', why: 'Nothing maps it.', count: 1, firstSeen: 1, lastSeen: 2 };
    rig.inbox.push(
      { ...row, payload: Buffer.from('21,5 °C') },
      { ...row, payload: Buffer.from([0xff, 0xfe]) },
    );
    const { items } = (await rig.request({ url: '/api/v1/inbox' })).json() as { items: object[] };
    expect(items).toEqual([
      { ...row, payload: '21,5 °C', encoding: 'utf8' },
      { ...row, payload: '//4=', encoding: 'base64' },
    ]);
  });

  test('a quarantined payload comes with its reason, where it came from, and how many there are', async () => {
    const source = { edge: 'mqtt', principal: 'p', topic: 't' } as const;
    const raw = { bytes: Buffer.from('{'), contentType: 'application/json' };
    rig.quarantine.push({ id: 1, at: 5, code: 'invalid-json', message: 'No JSON.', source, raw });
    expect((await rig.request({ url: '/api/v1/quarantine?limit=1' })).json()).toEqual({
      total: 1,
      items: [
        {
          id: 1,
          at: 5,
          code: 'invalid-json',
          message: 'No JSON.',
          source,
          contentType: 'application/json',
          payload: '{',
          encoding: 'utf8',
        },
      ],
    });
  });
});

describe('tokens', () => {
  test('are made with a secret that works, listed without it, and revoked once', async () => {
    const payload = { name: 'pump', role: 'device', groups: ['plant'], device: 'pump' };
    const made = await rig.request({ method: 'POST', url: '/api/v1/tokens', payload });
    const { secret, info } = made.json() as { secret: string; info: { id: string } };
    expect(made.statusCode).toBe(201);
    expect(rig.access.authenticate(secret)).toMatchObject({ role: 'device', device: 'pump' });
    const list = await rig.request({ url: '/api/v1/tokens' });
    expect(list.json().items).toHaveLength(2);
    expect(list.body).not.toMatch(/secret/i);
    const url = `/api/v1/tokens/${info.id}`;
    expect((await rig.request({ method: 'DELETE', url })).statusCode).toBe(204);
    expect((await rig.request({ method: 'DELETE', url })).statusCode).toBe(404);
  });

  const wrong = [
    {},
    { name: 'x', role: 'root', groups: '*' },
    { name: 'x', role: 'viewer', groups: 'plant' },
  ];
  for (const payload of [...wrong, { name: 'x', role: 'device', groups: '*' }])
    test(`${JSON.stringify(payload)} is 400`, async () => {
      expect((await rig.request({ method: 'POST', url: '/api/v1/tokens', payload })).statusCode).toBe(400);
    });
});

describe('status, health and audit', () => {
  test('/livez and /readyz are public; /readyz tells whether deliveries are taken', async () => {
    expect((await rig.anonymous({ url: '/livez' })).statusCode).toBe(200);
    expect((await rig.anonymous({ url: '/readyz' })).statusCode).toBe(200);
    rig.isReady = false;
    expect((await rig.anonymous({ url: '/livez' })).statusCode).toBe(200);
    expect((await rig.anonymous({ url: '/readyz' })).statusCode).toBe(503);
  });

  test('the status is that of the hub', async () => {
    expect((await rig.request({ url: '/api/v1/status' })).json()).toMatchObject({
      state: 'ok',
      version: '1.2.3',
    });
  });

  test('the audit log is for admins, newest first', async () => {
    await rig.token({ name: 'x', role: 'viewer', groups: '*' });
    const { items } = (await rig.request({ url: '/api/v1/audit?limit=1' })).json() as { items: object[] };
    expect(items).toMatchObject([{ action: 'token:create', outcome: 'ok' }]);
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { LightMyRequestResponse } from 'fastify';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

const url = '/api/v1/session';
const own = { host: 'hub.local:8080', origin: 'http://hub.local:8080', 'sec-fetch-site': 'same-origin' };

async function logIn(): Promise<{ answer: LightMyRequestResponse; cookie: string }> {
  const { code } = (await rig.request({ method: 'POST', url: '/api/v1/login-codes' })).json() as {
    code: string;
  };
  const answer = await rig.anonymous({ method: 'POST', url, payload: { code }, headers: own });
  const { name, value } = answer.cookies[0] as { name: string; value: string };
  return { answer, cookie: `${name}=${value}` };
}

function attemptFrom(remoteAddress: string): Promise<LightMyRequestResponse> {
  return rig.anonymous({ method: 'POST', url, payload: { code: 'x' }, remoteAddress });
}

describe('the session cookie', () => {
  test('is out of reach of scripts and of other sites', async () => {
    const { answer } = await logIn();
    expect(answer.headers['set-cookie']).toMatch(
      /^signalbox_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.json()).toMatchObject({ name: 'admin', role: 'admin', groups: '*' });
    expect(answer.body).not.toContain(answer.cookies[0]?.value);
  });

  test('opens what its token opens', async () => {
    const { cookie } = await logIn();
    const answer = await rig.anonymous({ url, headers: { cookie } });
    expect(answer.json()).toMatchObject({ role: 'admin', groups: '*' });
    expect(answer.json().actions).toContain('command:send');
    expect((await rig.anonymous({ url: '/api/v1/status', headers: { cookie } })).statusCode).toBe(200);
  });

  test('is renewed with its age, and only where there is one', async () => {
    const { cookie } = await logIn();
    const renew = (headers: Record<string, string>) =>
      rig.anonymous({ method: 'PUT', url, headers: { ...own, ...headers } });
    const answer = await renew({ cookie });
    expect(answer.headers['set-cookie']).toMatch(/^signalbox_session=[\w-]{43}; Max-Age=604800; /);
    expect(answer.json()).toMatchObject({ role: 'admin' });
    expect((await renew({ cookie: 'signalbox_session=x' })).statusCode).toBe(401);
    expect((await rig.request({ method: 'PUT', url })).statusCode).toBe(401);
  });

  test('without it, or with another, who am I is 401', async () => {
    expect((await rig.anonymous({ url })).statusCode).toBe(401);
    expect((await rig.anonymous({ url, headers: { cookie: 'signalbox_session=x' } })).statusCode).toBe(401);
  });

  test('changes something only for pages of this hub', async () => {
    const { cookie } = await logIn();
    const command = {
      method: 'POST',
      url: '/api/v1/groups/plant/devices/pump/commands',
      payload: { name: 'x' },
    } as const;
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await rig.anonymous({ ...command, headers: { host: own.host, cookie, ...headers } })).statusCode;
    expect(await status(own)).toBe(202);
    expect(await status({ origin: 'https://panel.example', 'sec-fetch-site': 'same-site' })).toBe(202);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ origin: 'https://panel.example', 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
    expect(await status({})).toBe(403);
    expect(rig.commands.records).toHaveLength(2);
  });

  test('cannot be planted by another site: logging in is checked, too', async () => {
    const headers = { ...own, origin: 'https://evil.example' };
    const answer = await rig.anonymous({ method: 'POST', url, payload: { token: rig.adminToken }, headers });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'foreign-origin']);
  });

  test('a token in the header needs no origin: no browser sends it by itself', async () => {
    const { cookie } = await logIn();
    const command = {
      method: 'POST',
      url: '/api/v1/groups/plant/devices/pump/commands',
      payload: { name: 'x' },
    } as const;
    expect((await rig.request({ ...command, headers: { cookie } })).statusCode).toBe(202);
  });

  test('ends with the logout: for this browser and on the hub', async () => {
    const { cookie } = await logIn();
    const answer = await rig.anonymous({ method: 'DELETE', url, headers: { ...own, cookie } });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['set-cookie']).toMatch(/^signalbox_session=; Max-Age=0; Path=\/;/);
    expect((await rig.anonymous({ url, headers: { cookie } })).statusCode).toBe(401);
  });
});

describe('logging in', () => {
  test('a token works as well as a code', async () => {
    expect(
      (await rig.anonymous({ method: 'POST', url, payload: { token: rig.adminToken } })).statusCode,
    ).toBe(200);
  });

  test('a wrong credential is 401, sets no cookie, and is in the audit log with its address', async () => {
    for (const payload of [{ code: 'x' }, { token: 'sbx_x' }]) {
      const answer = await rig.anonymous({ method: 'POST', url, payload });
      expect([answer.statusCode, answer.cookies]).toEqual([401, []]);
    }
    expect(rig.audit.entries.at(-1)).toMatchObject({ address: '127.0.0.1', outcome: 'refused' });
  });

  for (const payload of [
    {},
    { code: 1 },
    { code: 'a', token: 'b' },
    { token: '' },
    { token: 'x'.repeat(129) },
    [],
  ])
    test(`${JSON.stringify(payload).slice(0, 30)} is 400`, async () => {
      expect((await rig.anonymous({ method: 'POST', url, payload })).statusCode).toBe(400);
    });

  test('the twenty-first attempt within a minute is 429, and says when to come back', async () => {
    for (let count = 0; count < 20; count += 1) expect((await attemptFrom('192.0.2.1')).statusCode).toBe(401);
    const answer = await attemptFrom('192.0.2.1');
    expect([answer.statusCode, answer.json().code]).toEqual([429, 'too-many-attempts']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await attemptFrom('192.0.2.2')).statusCode).toBe(401);
  });
});

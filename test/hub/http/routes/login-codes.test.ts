import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

const url = '/api/v1/session';

describe('a login link', () => {
  test('is a code and the path of the page that exchanges it; a GET of that page consumes nothing', async () => {
    const made = await rig.request({ method: 'POST', url: '/api/v1/login-codes' });
    const { code, path, expiresAt } = made.json() as { code: string; path: string; expiresAt: number };
    expect([made.statusCode, path]).toEqual([201, `/#login=${code}`]);
    expect(expiresAt).toBe(rig.clock.nowUs() / 1000 + 24 * 3_600_000);
    for (let visit = 0; visit < 3; visit += 1) await rig.anonymous({ url: '/' });
    expect((await rig.anonymous({ method: 'POST', url, payload: { code } })).statusCode).toBe(200);
    expect((await rig.anonymous({ method: 'POST', url, payload: { code } })).statusCode).toBe(401);
  });

  test('only an admin makes one', async () => {
    const secret = await rig.token({ name: 'x', role: 'operator', groups: '*' });
    const headers = { authorization: `Bearer ${secret}` };
    expect((await rig.anonymous({ method: 'POST', url: '/api/v1/login-codes', headers })).statusCode).toBe(
      403,
    );
  });
});

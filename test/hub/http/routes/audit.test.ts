import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('the audit log', () => {
  test('the audit log is for admins, newest first', async () => {
    await rig.token({ name: 'x', role: 'viewer', groups: '*' });
    const { items } = (await rig.request({ url: '/api/v1/audit?limit=1' })).json() as { items: object[] };
    expect(items).toMatchObject([{ action: 'token:create', targetName: 'x', outcome: 'ok' }]);
  });

  test('says who did something by name: a token, and a session that has ended', async () => {
    const token = await rig.token({ name: 'Ann', role: 'admin', groups: '*' });
    const login = await rig.access.login({ token });
    await rig.access.logout(login?.secret ?? '');
    const { items } = (await rig.request({ url: '/api/v1/audit?limit=3' })).json();
    expect(items).toMatchObject([
      { action: 'session:end', principalName: 'Ann', targetName: 'Ann' },
      { action: 'session:create', principalName: 'Ann' },
      { action: 'token:create', principalName: 'admin', targetName: 'Ann' },
    ]);
  });

  test('comes in pages, and says from where', async () => {
    for (const name of ['a', 'b'])
      await rig.request({
        method: 'POST',
        url: '/api/v1/tokens',
        payload: { name, role: 'viewer', groups: '*' },
      });
    const first = (await rig.request({ url: '/api/v1/audit?limit=1' })).json();
    expect(first.items).toMatchObject([{ action: 'token:create', address: '127.0.0.1' }]);
    const second = (await rig.request({ url: `/api/v1/audit?limit=1&cursor=${first.next}` })).json();
    expect(second.items[0].id).toBe(first.items[0].id - 1);
  });

  test('shows as many entries as were asked for, within bounds', async () => {
    for (const name of ['a', 'b', 'c']) await rig.token({ name, role: 'viewer', groups: '*' });
    const { items } = (await rig.request({ url: '/api/v1/audit?limit=2' })).json() as { items: object[] };
    expect(items).toHaveLength(2);
    for (const limit of ['0', '1001', 'x'])
      expect((await rig.request({ url: `/api/v1/audit?limit=${limit}` })).statusCode).toBe(400);
  });
});

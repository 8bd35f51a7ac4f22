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
    expect(items).toMatchObject([{ action: 'token:create', outcome: 'ok' }]);
  });

  test('shows as many entries as were asked for, within bounds', async () => {
    for (const name of ['a', 'b', 'c']) await rig.token({ name, role: 'viewer', groups: '*' });
    const { items } = (await rig.request({ url: '/api/v1/audit?limit=2' })).json() as { items: object[] };
    expect(items).toHaveLength(2);
    for (const limit of ['0', '1001', 'x'])
      expect((await rig.request({ url: `/api/v1/audit?limit=${limit}` })).statusCode).toBe(400);
  });
});

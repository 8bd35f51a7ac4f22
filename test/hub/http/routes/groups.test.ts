import { beforeEach, describe, expect, test } from 'vitest';
import type { NewToken } from '#ports';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

async function groupsSeenBy(token: Omit<NewToken, 'name'>): Promise<object[]> {
  const secret = await rig.token({ name: 'x', ...token });
  const headers = { authorization: `Bearer ${secret}` };
  return (await rig.anonymous({ url: '/api/v1/groups', headers })).json<{ items: object[] }>().items;
}

describe('the list of groups', () => {
  test('has their counts', async () => {
    expect(await groupsSeenBy({ role: 'viewer', groups: '*' })).toEqual([
      { group: 'plant', title: 'plant', devices: 2, online: 2, stale: 0 },
      { group: 'office', title: 'office', devices: 1, online: 1, stale: 0 },
    ]);
  });

  test('holds only what the principal may see', async () => {
    expect(await groupsSeenBy({ role: 'viewer', groups: ['plant'] })).toMatchObject([{ group: 'plant' }]);
    expect(await groupsSeenBy({ role: 'operator', groups: ['nowhere'] })).toEqual([]);
  });

  test('is not for devices', async () => {
    const token = await rig.token({ name: 'x', role: 'device', groups: ['plant'], device: 'pump' });
    const headers = { authorization: `Bearer ${token}` };
    expect((await rig.anonymous({ url: '/api/v1/groups', headers })).statusCode).toBe(403);
  });
});

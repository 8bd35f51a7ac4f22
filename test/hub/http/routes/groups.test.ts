import { beforeEach, describe, expect, test } from 'vitest';
import type { NewToken } from '#ports';
import { rigWithRegistry } from '../registry-rig.ts';
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

describe('an administrator', () => {
  const url = '/api/v1/groups';

  test('makes, titles, archives and deletes groups, and the audit log says so', async () => {
    const { rig: hub } = await rigWithRegistry();
    const made = await hub.request({ method: 'POST', url, payload: { title: 'attic' } });
    expect(made.statusCode).toBe(201);
    expect(made.headers.location).toBe(`${url}/attic`);
    expect((await hub.request({ url: `${url}/attic` })).json()).toMatchObject({ title: 'attic', devices: 0 });
    const patch = { title: 'Under the roof', archived: true };
    const changed = await hub.request({ method: 'PATCH', url: `${url}/attic`, payload: patch });
    expect(changed.json()).toMatchObject({ title: 'Under the roof', archivedAt: expect.any(Number) });
    expect((await hub.request({ url })).json().items).toEqual([]);
    expect((await hub.request({ url: `${url}?archived=true` })).json().items).toHaveLength(1);
    expect((await hub.request({ method: 'DELETE', url: `${url}/attic` })).statusCode).toBe(204);
    expect((await hub.request({ method: 'DELETE', url: `${url}/attic` })).statusCode).toBe(404);
    const told = hub.audit.entries.filter(({ action }) => action.startsWith('group:'));
    expect(told.map(({ action, target, outcome }) => [action, target, outcome])).toEqual([
      ['group:create', 'groups', 'ok'],
      ['group:change', 'groups/attic', 'ok'],
      ['group:delete', 'groups/attic', 'ok'],
      ['group:delete', 'groups/attic', 'refused 404'],
    ]);
    expect(told[0]).toMatchObject({ address: '127.0.0.1', principal: expect.any(String) });
  });

  test('of one group makes no other, and an operator none', async () => {
    const { rig: hub } = await rigWithRegistry();
    const asRole = async (role: 'admin' | 'operator', payload: object): Promise<number> => {
      const secret = await hub.token({ name: 'x', role, groups: ['plant'] });
      const headers = { authorization: `Bearer ${secret}` };
      return (await hub.anonymous({ method: 'POST', url, payload, headers })).statusCode;
    };
    expect(await asRole('admin', { group: 'plant' })).toBe(201);
    expect(await asRole('admin', { group: 'office' })).toBe(404);
    expect(await asRole('operator', { group: 'plant' })).toBe(403);
  });

  test('whose action cannot be recorded hears that it failed', async () => {
    const { rig: hub } = await rigWithRegistry();
    hub.audit.failing = new Error('disk full');
    expect((await hub.request({ method: 'POST', url, payload: { group: 'attic' } })).statusCode).toBe(500);
    // The answer that could not be given is not counted.
    expect(hub.counters.counts.get('http.answers/5xx')).toBe(1);
    expect(hub.counters.counts.has('http.answers/2xx')).toBe(false);
  });
});

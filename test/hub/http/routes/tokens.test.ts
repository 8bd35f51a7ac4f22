import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
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

  test('are changed by a merge patch, and the secret stays', async () => {
    const secret = await rig.token({ name: 'hall', role: 'gateway', groups: '*', topicFilters: ['a/#'] });
    const { id } = rig.access.authenticate(secret) ?? {};
    const change = (payload: object) =>
      rig.request({ method: 'PATCH', url: `/api/v1/tokens/${id}`, payload });
    const answer = await change({ groups: ['plant'], topicFilters: null });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        id,
        name: 'hall',
        role: 'gateway',
        groups: ['plant'],
        createdAt: expect.any(Number),
        lastUsedAt: expect.any(Number),
      },
    ]);
    expect(rig.access.authenticate(secret)).toMatchObject({ groups: ['plant'] });
    expect((await change({ groups: [] })).statusCode).toBe(400);
    expect((await change({ secret: 'x' })).statusCode).toBe(400);
    const nobody = await rig.request({ method: 'PATCH', url: '/api/v1/tokens/none', payload: {} });
    expect(nobody.statusCode).toBe(404);
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

  test('a field that nobody knows is 400: a misspelled end would make a token for ever', async () => {
    const payload = { name: 'x', role: 'viewer', groups: '*', expires: 1 };
    expect((await rig.request({ method: 'POST', url: '/api/v1/tokens', payload })).statusCode).toBe(400);
    expect(rig.access.tokens()).toHaveLength(1);
  });
});

const names = (body: { items: { name: string }[] }): string[] => body.items.map(({ name }) => name);

describe('the list of tokens', () => {
  test('comes in pages, of one role, and without what opens nothing any more', async () => {
    for (const name of ['a', 'b', 'c']) await rig.token({ name, role: 'viewer', groups: '*' });
    const page = (query: string) => rig.request({ url: `/api/v1/tokens?${query}` });
    const first = (await page('role=viewer&limit=2')).json();
    const rest = (await page(`role=viewer&limit=2&cursor=${first.next}`)).json();
    expect([...names(first), ...names(rest)].toSorted()).toEqual(['a', 'b', 'c']);
    expect(rest).not.toHaveProperty('next');
    const [revoked] = first.items as { id: string; name: string }[];
    await rig.request({ method: 'DELETE', url: `/api/v1/tokens/${revoked?.id}` });
    expect(names((await page('role=viewer&live=true')).json())).toHaveLength(2);
    expect(names((await page('role=viewer')).json())).toHaveLength(3);
  });
});

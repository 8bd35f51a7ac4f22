import { beforeEach, describe, expect, test } from 'vitest';
import { replayed } from '../../../support/keeper-fakes.ts';
import { HttpRig } from '../support.ts';

const url = '/api/v1/mappings';
const draft = {
  name: 'weather mast',
  topic: 'mast/{mast}/env',
  group: 'weather',
  device: 'mast-{mast}',
  values: [{ path: '$.t', metric: 'temperature', unit: 'Cel', sentinels: [327.67] }],
};

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('mappings', () => {
  test('are made, listed, changed and deleted; each save says what it took in', async () => {
    const made = await rig.request({ method: 'POST', url, payload: draft });
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({ mapping: { id: 'made', ...draft }, applied: replayed });
    expect((await rig.request({ url })).json()).toMatchObject({ items: [{ id: 'made', ...draft }] });
    const changed = await rig.request({ method: 'PUT', url: `${url}/x`, payload: { ...draft, name: 'new' } });
    expect(changed.json()).toMatchObject({ mapping: { id: 'x', name: 'new' }, applied: replayed });
    expect((await rig.request({ method: 'DELETE', url: `${url}/x` })).statusCode).toBe(204);
    expect((await rig.request({ method: 'DELETE', url: `${url}/x` })).statusCode).toBe(404);
  });

  test('a preview shows each payload beside what would become of it', async () => {
    const readings = [{ group: 'weather', device: 'mast-1', metric: 'temperature', value: 3, unit: 'Cel' }];
    const problems = [{ path: '$.x', code: 'not-a-value', message: 'No.' }];
    const messages = [{ topic: 'mast/1/env', payload: Buffer.from('{"t":3}'), at: 7, readings, problems }];
    rig.mappings.answer = { topics: 1, messages };
    const answer = await rig.request({ method: 'POST', url: `${url}/preview`, payload: draft });
    expect(answer.json()).toEqual({
      topics: 1,
      items: [{ topic: 'mast/1/env', payload: '{"t":3}', encoding: 'utf8', at: 7, readings, problems }],
    });
    expect(rig.mappings.all).toEqual([]);
  });

  for (const [what, payload] of Object.entries({
    'no values': { ...draft, values: [] },
    'an unknown field': { ...draft, colour: 'red' },
    'no device': { ...draft, device: '' },
  }))
    test(`a draft with ${what} is refused`, async () => {
      for (const path of [url, `${url}/preview`])
        expect((await rig.request({ method: 'POST', url: path, payload })).statusCode).toBe(400);
    });

  test('operators of all groups map; viewers, devices and operators of one group do not', async () => {
    const tokens = {
      operator: await rig.token({ name: 'o', role: 'operator', groups: '*' }),
      'operator of one group': await rig.token({ name: 'p', role: 'operator', groups: ['plant'] }),
      viewer: await rig.token({ name: 'v', role: 'viewer', groups: '*' }),
      device: await rig.token({ name: 'd', role: 'device', groups: ['plant'], device: 'd' }),
    };
    const statuses = await Promise.all(
      Object.entries(tokens).map(async ([who, token]) => {
        const headers = { authorization: `Bearer ${token}` };
        return [who, (await rig.request({ method: 'POST', url, payload: draft, headers })).statusCode];
      }),
    );
    expect(Object.fromEntries(statuses)).toEqual({
      operator: 201,
      'operator of one group': 403,
      viewer: 403,
      device: 403,
    });
  });
});

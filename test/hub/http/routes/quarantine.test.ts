import { beforeEach, describe, expect, test } from 'vitest';
import { replayed } from '../../../support/keeper-fakes.ts';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('the quarantine', () => {
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

  test('names the token that a payload came with, also when it is revoked', async () => {
    await rig.token({ name: 'bed 7', role: 'gateway', groups: ['hall'] });
    const id = rig.access.tokens().find(({ name }) => name === 'bed 7')?.id ?? '';
    await rig.request({ method: 'DELETE', url: `/api/v1/tokens/${id}` });
    const source = { edge: 'mqtt', principal: id } as const;
    rig.quarantine.push({ id: 1, at: 1, code: 'c', message: 'm', source, raw: { bytes: Buffer.from('x') } });
    const { items } = (await rig.request({ url: '/api/v1/quarantine' })).json();
    expect(items).toMatchObject([{ source: { principal: id, principalName: 'bed 7' } }]);
  });

  test('tells the total beside the rows that were asked for, within bounds', async () => {
    const source = { edge: 'http', principal: 'p' } as const;
    const raw = { bytes: Buffer.from([0xff]) };
    for (const id of [2, 1]) rig.quarantine.push({ id, at: id, code: 'c', message: 'm', source, raw });
    expect((await rig.request({ url: '/api/v1/quarantine?limit=1' })).json()).toEqual({
      total: 2,
      items: [{ id: 2, at: 2, code: 'c', message: 'm', source, payload: '/w==', encoding: 'base64' }],
    });
    for (const limit of ['0', '1001'])
      expect((await rig.request({ url: `/api/v1/quarantine?limit=${limit}` })).statusCode).toBe(400);
  });

  test('is exported whole, one row a line', async () => {
    const source = { edge: 'mqtt', principal: 'p', topic: 't' } as const;
    const raw = { bytes: Buffer.from('x') };
    for (let id = 450; id > 0; id -= 1)
      rig.quarantine.push({ id, at: id, code: 'c', message: 'm', source, raw });
    const answer = await rig.request({ url: '/api/v1/quarantine/export' });
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    const rows = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number });
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 450 }, (_, index) => 450 - index));
    expect(rows[0]).toEqual({
      id: 450,
      at: 450,
      code: 'c',
      message: 'm',
      source,
      payload: 'x',
      encoding: 'utf8',
    });
  });

  test('is replayed as selected, or as a whole', async () => {
    const replay = (payload: object) =>
      rig.request({ method: 'POST', url: '/api/v1/quarantine/replay', payload });
    expect((await replay({ ids: [1, 2] })).json()).toEqual(replayed);
    await replay({});
    expect(rig.quarantineDesk.asked).toEqual([
      ['replay', { ids: [1, 2] }],
      ['replay', {}],
    ]);
  });

  test('a purge names what it means: nothing goes by leaving something out', async () => {
    const purge = (payload: object) =>
      rig.request({ method: 'POST', url: '/api/v1/quarantine/purge', payload });
    expect((await purge({})).json()).toMatchObject({ code: 'nothing-selected' });
    expect((await purge({ all: true, code: 'c' })).statusCode).toBe(400);
    expect(rig.quarantineDesk.asked).toEqual([]);
    expect((await purge({ code: 'c' })).json()).toEqual({ purged: 4 });
    await purge({ all: true });
    expect(rig.quarantineDesk.asked).toEqual([
      ['purge', { code: 'c' }],
      ['purge', {}],
    ]);
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
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
});

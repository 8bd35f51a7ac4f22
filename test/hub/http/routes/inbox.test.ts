import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

const row = { topic: 't', principal: 'p', why: 'Nothing maps it.', count: 1, firstSeen: 1, lastSeen: 2 };

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('the inbox', () => {
  test('payloads are texts where they are texts, and base64 where not', async () => {
    rig.inbox.push(
      { ...row, payload: Buffer.from('21,5 °C') },
      { ...row, payload: Buffer.from([0xff, 0xfe]) },
    );
    const { items } = (await rig.request({ url: '/api/v1/inbox' })).json() as { items: object[] };
    expect(items).toEqual([
      { ...row, payload: '21,5 °C', encoding: 'utf8' },
      { ...row, payload: '//4=', encoding: 'base64' },
    ]);
  });

  test('shows as many topics as were asked for, within bounds', async () => {
    rig.inbox.push(...['a', 'b'].map((topic) => ({ ...row, topic, payload: Buffer.from('1') })));
    const { items } = (await rig.request({ url: '/api/v1/inbox?limit=1' })).json() as { items: object[] };
    expect(items).toMatchObject([{ topic: 'a' }]);
    for (const limit of ['0', '1001', 'all'])
      expect((await rig.request({ url: `/api/v1/inbox?limit=${limit}` })).statusCode).toBe(400);
  });
});

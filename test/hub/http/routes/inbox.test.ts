import { beforeEach, describe, expect, test } from 'vitest';
import type { InboxRow } from '#ports';
import { HttpRig } from '../support.ts';

const entry = { principal: 'p', why: 'Nothing maps it.', count: 1, firstSeen: 1, lastSeen: 2 };
const row = (topic: string, ...payloads: readonly Uint8Array[]): InboxRow => ({
  ...entry,
  topic,
  payloads: payloads.map((payload, index) => ({ id: index, at: index, payload, principal: 'p' })),
});

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('the inbox', () => {
  test('payloads are texts where they are texts, and base64 where not', async () => {
    rig.inbox.push(row('t', Buffer.from('21,5 °C'), Buffer.from([0xff, 0xfe])));
    const { items } = (await rig.request({ url: '/api/v1/inbox' })).json() as { items: object[] };
    expect(items).toEqual([
      {
        ...entry,
        topic: 't',
        payload: '21,5 °C',
        encoding: 'utf8',
        payloads: [
          { at: 0, payload: '21,5 °C', encoding: 'utf8' },
          { at: 1, payload: '//4=', encoding: 'base64' },
        ],
      },
    ]);
  });

  test('comes in pages, within bounds', async () => {
    rig.inbox.push(...['c', 'b', 'a'].map((topic) => row(topic, Buffer.from('1'))));
    const page = async (query: string) =>
      (await rig.request({ url: `/api/v1/inbox?limit=2${query}` })).json() as {
        items: object[];
        next?: string;
      };
    const { items, next } = await page('');
    expect(items).toMatchObject([{ topic: 'c' }, { topic: 'b' }]);
    const last = await page(`&cursor=${next}`);
    expect(last.items).toMatchObject([{ topic: 'a' }]);
    expect(last).not.toHaveProperty('next');
    expect((await rig.request({ url: '/api/v1/inbox?cursor=x' })).json()).toMatchObject({
      code: 'invalid-cursor',
    });
    for (const limit of ['0', '1001', 'all'])
      expect((await rig.request({ url: `/api/v1/inbox?limit=${limit}` })).statusCode).toBe(400);
  });

  test('a topic is dismissed once, with any characters in its name', async () => {
    rig.inbox.push(row('a/b c/é', Buffer.from('1')));
    const url = `/api/v1/inbox?topic=${encodeURIComponent('a/b c/é')}`;
    expect((await rig.request({ method: 'DELETE', url })).statusCode).toBe(204);
    expect((await rig.request({ method: 'DELETE', url })).statusCode).toBe(404);
  });

  test('who may only look may not dismiss', async () => {
    const viewer = await rig.token({ name: 'v', role: 'viewer', groups: '*' });
    const headers = { authorization: `Bearer ${viewer}` };
    const answer = await rig.request({ method: 'DELETE', url: '/api/v1/inbox?topic=t', headers });
    expect(answer.statusCode).toBe(403);
  });
});

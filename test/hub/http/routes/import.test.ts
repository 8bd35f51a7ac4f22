import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

const url = '/api/v1/groups/plant/import';
let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

function post(payload: string, query = '', type = 'text/plain') {
  return rig.request({ method: 'POST', url: url + query, payload, headers: { 'content-type': type } });
}

describe('A piece of an import', () => {
  test('gives way to what devices send now', async () => {
    await post('pump,device=p flow=1 1780000000000000000\n');
    expect(rig.ingest.deliveries).toMatchObject([{ givesWay: true }]);
  });

  test('is answered with what is on disk, and what is no reading', async () => {
    const answer = await post('pump,device=p flow=1 1780000000000000\nnonsense\n', '?precision=us');
    expect(answer.json()).toMatchObject({ accepted: 1, rejectedCount: 1, rejected: [{ row: 2 }] });
  });

  test('may be CSV', async () => {
    const csv = 'device,metric,time,value\np,flow,1780000000000,1\np,flow,never,1\n';
    const answer = await post(csv, '?format=csv', 'text/csv');
    expect(answer.json()).toMatchObject({ accepted: 1, rejected: [{ row: 3, code: 'invalid-time' }] });
    expect((await post('a,b\n1,2\n', '?format=csv', 'text/csv')).statusCode).toBe(400);
  });

  test('needs the right to write for the whole group', async () => {
    const secret = await rig.token({ name: 'd', role: 'device', groups: ['plant'], device: 'pump' });
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'text/plain' };
    const answer = await rig.anonymous({ method: 'POST', url, payload: 'a v=1', headers });
    expect([403, 404]).toContain(answer.statusCode);
  });
});

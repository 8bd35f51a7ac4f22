import { describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

describe('A backup over HTTP', () => {
  test('is a file with its size and day', async () => {
    const rig = await HttpRig.start();
    const answer = await rig.request({ url: '/api/v1/backup' });
    const day = new Date(rig.clock.nowUs() / 1000).toISOString().slice(0, 10);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/vnd.sqlite3',
      'content-length': '3',
      'content-disposition': `attachment; filename="signalbox-${day}.db"`,
    });
    expect(answer.body).toBe('abc');
    expect((await rig.request({ method: 'HEAD', url: '/api/v1/backup' })).statusCode).toBe(405);
  });

  test('is for admins of the whole hub', async () => {
    const rig = await HttpRig.start();
    const secret = await rig.token({ name: 'o', role: 'admin', groups: ['plant'] });
    const headers = { authorization: `Bearer ${secret}` };
    expect((await rig.anonymous({ url: '/api/v1/backup', headers })).statusCode).toBe(403);
  });
});

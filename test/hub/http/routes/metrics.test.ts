import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('GET /metrics', () => {
  test('answers the page in the text format of Prometheus', async () => {
    const answer = await rig.request({ url: '/metrics' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('version=0.0.4');
    expect(answer.body).toBe('signalbox_ready 1\n');
  });

  test('is closed to strangers', async () => {
    expect((await rig.anonymous({ url: '/metrics' })).statusCode).toBe(401);
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('health', () => {
  test('/livez and /readyz are public; /readyz tells whether deliveries are taken', async () => {
    expect((await rig.anonymous({ url: '/livez' })).statusCode).toBe(200);
    expect((await rig.anonymous({ url: '/readyz' })).statusCode).toBe(200);
    rig.isReady = false;
    expect((await rig.anonymous({ url: '/livez' })).statusCode).toBe(200);
    expect((await rig.anonymous({ url: '/readyz' })).statusCode).toBe(503);
  });

  test('each says in words how it is', async () => {
    expect((await rig.anonymous({ url: '/livez' })).json()).toEqual({ status: 'ok' });
    rig.isReady = false;
    expect((await rig.anonymous({ url: '/readyz' })).json()).toEqual({ status: 'not-ready' });
  });
});

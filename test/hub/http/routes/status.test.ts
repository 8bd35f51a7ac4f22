import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('the status', () => {
  test('the status is that of the hub', async () => {
    expect((await rig.request({ url: '/api/v1/status' })).json()).toMatchObject({
      state: 'ok',
      version: '1.2.3',
    });
  });
});

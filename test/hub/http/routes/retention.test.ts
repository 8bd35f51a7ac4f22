import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

const url = '/api/v1/retention';
let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('How long history is kept', () => {
  test('is told, and changed as a whole', async () => {
    expect((await rig.request({ url })).json()).toEqual({ defaultDays: 400, rules: [] });
    const rules = [{ group: 'plant', metric: 'vibration.*', days: 7 }, { days: null }];
    const answer = await rig.request({ method: 'PUT', url, payload: { rules } });
    expect(answer.json()).toEqual({ defaultDays: 400, rules });
    expect((await rig.request({ url })).json()).toEqual({ defaultDays: 400, rules });
  });

  for (const rule of [{}, { days: 0 }, { days: 1.5 }, { days: '7' }, { days: 1, metrics: 'a' }])
    test(`${JSON.stringify(rule)} is no rule`, async () => {
      expect((await rig.request({ method: 'PUT', url, payload: { rules: [rule] } })).statusCode).toBe(400);
      expect((await rig.request({ url })).json()).toMatchObject({ rules: [] });
    });
});

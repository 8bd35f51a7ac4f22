import { expect, test } from 'vitest';
import { RequestError } from '#contract/errors.ts';
import { HttpRig } from '../support.ts';

const url = '/api/v1/groups/plant/devices/pump/reported';

test('the state is handed on as it is, and answered when it is durable', async () => {
  const rig = await HttpRig.start();
  const state = { on: true, level: null, description: { title: 'Pump' } };
  expect((await rig.request({ method: 'POST', url, payload: state })).statusCode).toBe(204);
  expect(rig.devices.states).toEqual([['plant', 'pump', state]]);
});

test('a state that is no object, or that the registry refuses, is an error of the caller', async () => {
  const rig = await HttpRig.start();
  expect((await rig.request({ method: 'POST', url, payload: [1] })).statusCode).toBe(400);
  rig.devices.reported = () => Promise.reject(new RequestError(422, 'too-large', 'Too large.'));
  expect((await rig.request({ method: 'POST', url, payload: { a: 1 } })).statusCode).toBe(422);
});

import { expect, test } from 'vitest';
import { TryAgainError } from '#contract/errors.ts';
import { HttpRig } from '../support.ts';

const post = { method: 'POST', url: '/api/v1/influxdb/replay' } as const;

test('asks the database behind the hub, as often as one likes, and leaves a trace', async () => {
  let replays = 0;
  const rig = await HttpRig.start({ replay: async () => (replays += 1) * 100 });
  const first = await rig.request(post);
  expect([first.statusCode, first.json()]).toEqual([202, { readings: 100 }]);
  expect((await rig.request(post)).json()).toEqual({ readings: 200 });
  const { items } = (await rig.request({ url: '/api/v1/audit?limit=1' })).json() as { items: object[] };
  expect(items).toMatchObject([{ action: 'influxdb:replay', target: 'hub', outcome: '200 readings' }]);
});

test('without a database, and while the hub cannot, it says so', async () => {
  const without = await HttpRig.start();
  expect((await without.request(post)).json()).toMatchObject({ status: 409, code: 'no-database' });
  const starting = await HttpRig.start({
    replay: () => Promise.reject(new TryAgainError('starting', 'In a moment.')),
  });
  expect((await starting.request(post)).json()).toMatchObject({ status: 503, code: 'starting' });
});

test('is for admins of all groups', async () => {
  const rig = await HttpRig.start({ replay: async () => 0 });
  const token = await rig.token({ name: 'x', role: 'operator', groups: '*' });
  const headers = { authorization: `Bearer ${token}` };
  expect((await rig.request({ ...post, headers })).statusCode).toBe(403);
});

import { beforeEach, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});
const path = '/api/v1/groups/plant/devices';

test('the devices of a group, and one of them', async () => {
  const { items } = (await rig.request({ url: path })).json() as { items: object[] };
  expect(items).toEqual(rig.devices.list('plant'));
  expect((await rig.request({ url: `${path}/valve` })).json()).toEqual(rig.devices.get('plant', 'valve'));
});

test('ids with every character that the rule allows are found', async () => {
  const [first] = rig.devices.all;
  if (first !== undefined) rig.devices.all.push({ ...first, device: 'switch:0.a_b-c' });
  expect((await rig.request({ url: `${path}/switch:0.a_b-c` })).statusCode).toBe(200);
  expect((await rig.request({ url: `${path}/switch%3A0.a_b-c` })).statusCode).toBe(200);
});

test('the newest readings come with time in ms, and with what is not good about them', async () => {
  const series = {
    group: 'plant',
    device: 'pump',
    stampedBy: 'device',
    timeUs: 1_780_000_000_000_500,
  } as const;
  rig.latest.push(
    { ...series, metric: 'flow', value: 2, quality: 'good', offset: 5 },
    { ...series, metric: 'load', tags: { cpu: '0' }, value: null, quality: 'bad', offset: 6 },
  );
  expect((await rig.request({ url: `${path}/pump/latest` })).json().items).toEqual([
    { metric: 'flow', time: 1_780_000_000_000.5, value: 2, quality: 'good', offset: 5 },
    { metric: 'load', tags: { cpu: '0' }, time: 1_780_000_000_000.5, value: null, quality: 'bad', offset: 6 },
  ]);
});

const missing = ['/api/v1/groups/nowhere/devices', `${path}/nothing`, `${path}/nothing/latest`];
for (const url of missing)
  test(`${url} is 404`, async () => expect((await rig.request({ url })).statusCode).toBe(404));

test('lists come in pages that a cursor continues', async () => {
  const first = (await rig.request({ url: '/api/v1/devices?limit=2' })).json();
  expect(first.items).toMatchObject([{ group: 'office' }, { group: 'plant', device: 'pump' }]);
  const second = (await rig.request({ url: `/api/v1/devices?limit=2&cursor=${first.next}` })).json();
  expect(second).toMatchObject({ items: [{ group: 'plant', device: 'valve' }] });
  expect(second.next).toBeUndefined();
  const page = (await rig.request({ url: `${path}?limit=1` })).json();
  const rest = (await rig.request({ url: `${path}?limit=1&cursor=${page.next}` })).json();
  expect(rest.items).toMatchObject([{ device: 'valve' }]);
  expect((await rig.request({ url: `${path}?cursor=x` })).json()).toMatchObject({ code: 'invalid-cursor' });
});

test('all devices are those of the groups that the principal may see', async () => {
  const secret = await rig.token({ name: 'x', role: 'viewer', groups: ['office'] });
  const headers = { authorization: `Bearer ${secret}` };
  const { items } = (await rig.anonymous({ url: '/api/v1/devices', headers })).json() as { items: object[] };
  expect(items).toMatchObject([{ group: 'office', device: 'pump' }]);
  expect((await rig.anonymous({ url: '/api/v1/devices?group=plant', headers })).statusCode).toBe(404);
});

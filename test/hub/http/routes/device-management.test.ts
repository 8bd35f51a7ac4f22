import { describe, expect, test } from 'vitest';
import { committed, reading } from '../../../support/commits.ts';
import { rigWithRegistry } from '../registry-rig.ts';

const url = '/api/v1/groups/home/devices';

describe('an administrator', () => {
  test('registers a device, describes it and finds it by what was said', async () => {
    const { rig } = await rigWithRegistry();
    const payload = { device: 'lamp', title: 'Desk lamp', metrics: { power: { unit: 'W', max: 60 } } };
    const made = await rig.request({ method: 'POST', url, payload });
    expect([made.statusCode, made.headers.location]).toEqual([201, `${url}/lamp`]);
    const patch = {
      labels: { room: 'Study' },
      location: { name: 'First floor', latitude: 48.1, longitude: 11.6 },
    };
    const changed = await rig.request({ method: 'PATCH', url: `${url}/lamp`, payload: patch });
    expect(changed.json()).toMatchObject({ title: 'Desk lamp', ...patch });
    const found = await rig.request({ url: '/api/v1/devices?text=study%20desk' });
    expect(found.json().items).toMatchObject([{ device: 'lamp' }]);
    expect(rig.audit.entries.map(({ action }) => action)).toContain('device:change');
  });

  test('sees what waits and approves it', async () => {
    const { rig, devices } = await rigWithRegistry(true);
    devices.seen(committed({ readings: [reading(1)] }));
    expect((await rig.request({ url })).json().items).toEqual([]);
    const waiting = await rig.request({ url: '/api/v1/devices?admission=waiting' });
    expect(waiting.json().items).toMatchObject([{ device: 'lamp', admission: 'waiting' }]);
    const command = { method: 'POST', url: `${url}/lamp/commands`, payload: { name: 'on' } } as const;
    expect((await rig.request(command)).statusCode).toBe(404);
    await rig.request({ method: 'PATCH', url: `${url}/lamp`, payload: { admission: 'admitted' } });
    expect((await rig.request({ url })).json().items).toHaveLength(1);
    expect((await rig.request(command)).statusCode).toBe(202);
  });

  const wrong = [{ titel: 'x' }, { title: '' }, { location: { latitude: 91 } }, { admission: 'waiting' }];
  for (const payload of wrong)
    test(`${JSON.stringify(payload)} is 400 and changes nothing`, async () => {
      const { rig, devices } = await rigWithRegistry();
      devices.seen(committed({ readings: [reading(1)] }));
      const before = devices.get('home', 'lamp');
      expect((await rig.request({ method: 'PATCH', url: `${url}/lamp`, payload })).statusCode).toBe(400);
      expect(devices.get('home', 'lamp')).toEqual(before);
    });
});

test('an operator changes nothing of a device', async () => {
  const { rig, devices } = await rigWithRegistry();
  devices.seen(committed({ readings: [reading(1)] }));
  const secret = await rig.token({ name: 'x', role: 'operator', groups: '*' });
  const headers = { authorization: `Bearer ${secret}` };
  const request = { method: 'PATCH', url: `${url}/lamp`, payload: { title: 'x' }, headers } as const;
  expect((await rig.anonymous(request)).statusCode).toBe(403);
});

describe('another name', () => {
  test('is given, merged into and forgotten; the audit log has it', async () => {
    const { rig, devices } = await rigWithRegistry();
    devices.seen(committed({ readings: [reading(1), reading(1, { device: 'light' })] }));
    const move = (payload: object) => rig.request({ method: 'POST', url: `${url}/lamp/move`, payload });
    const taken = await move({ device: 'light' });
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'device-exists']);
    expect((await move({ device: 'light', merge: true })).json()).toMatchObject({
      device: 'light',
      aliases: [{ group: 'home', device: 'lamp' }],
    });
    expect((await rig.request({ url: `${url}/lamp` })).statusCode).toBe(404);
    const forgotten = await rig.request({ method: 'DELETE', url: '/api/v1/groups/home/aliases/lamp' });
    expect(forgotten.json()).not.toHaveProperty('aliases');
    expect(rig.audit.entries.map(({ action }) => action)).toContain('device:move');
  });

  test('in a group where one has no right is not to be had', async () => {
    const { rig, devices } = await rigWithRegistry();
    devices.seen(committed({ readings: [reading(1)] }));
    const secret = await rig.token({ name: 'x', role: 'admin', groups: ['home'] });
    const headers = { authorization: `Bearer ${secret}` };
    const request = { method: 'POST', url: `${url}/lamp/move`, headers } as const;
    expect((await rig.anonymous({ ...request, payload: { group: 'attic' } })).statusCode).toBe(404);
    expect((await rig.anonymous({ ...request, payload: { device: 'light' } })).statusCode).toBe(200);
  });
});

import { describe, expect, test } from 'vitest';
import { committed, reading } from '../../../support/commits.ts';
import { rigWithRegistry } from '../registry-rig.ts';

const url = '/api/v1/groups/home/devices/lamp';

async function rigWithLamp() {
  const parts = await rigWithRegistry();
  parts.devices.seen(committed({ readings: [reading(1)] }));
  return parts;
}

describe('the twin of a device', () => {
  test('is empty at first, desired by an operator, and done when the device reports so', async () => {
    const { rig, devices } = await rigWithLamp();
    const first = await rig.request({ url: `${url}/twin` });
    expect(first.json()).toEqual({ desired: {}, version: 0, reportedVersion: 0, delta: {}, reported: {} });
    const secret = await rig.token({ name: 'x', role: 'operator', groups: ['home'] });
    const headers = { authorization: `Bearer ${secret}` };
    const payload = { on: true };
    const changed = await rig.anonymous({ method: 'PATCH', url: `${url}/desired`, payload, headers });
    expect(changed.json()).toMatchObject({ desired: { on: true }, version: 1, delta: { on: true } });
    expect(changed.headers.etag).toBe('"1"');
    await devices.reported('home', 'lamp', { on: true });
    expect((await rig.request({ url: `${url}/twin` })).json()).toMatchObject({
      delta: {},
      reported: { on: true },
    });
    expect(rig.audit.entries.at(-1)).toMatchObject({ action: 'device:desire', outcome: 'ok' });
  });

  test('is changed for a version only while it is the present one', async () => {
    const { rig } = await rigWithLamp();
    const patch = (version: string, payload: object) =>
      rig.request({ method: 'PATCH', url: `${url}/desired`, payload, headers: { 'if-match': version } });
    expect((await patch('"0"', { on: true })).statusCode).toBe(200);
    const late = await patch('"0"', { on: false });
    expect([late.statusCode, late.json().code]).toEqual([412, 'version-conflict']);
    expect((await patch('1', { on: false })).json()).toMatchObject({ code: 'invalid-version' });
  });

  test('of a device that is not there is 404', async () => {
    const { rig } = await rigWithRegistry();
    expect((await rig.request({ url: `${url}/twin` })).statusCode).toBe(404);
    const payload = { on: true };
    expect((await rig.request({ method: 'PATCH', url: `${url}/desired`, payload })).statusCode).toBe(404);
  });
});

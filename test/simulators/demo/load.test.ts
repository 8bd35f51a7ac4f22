import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Load } from '../../../simulators/demo/load.ts';
import { HttpStub } from '../support/http-stub.ts';

let hub: HttpStub;
beforeEach(async () => {
  hub = await HttpStub.start();
});
afterEach(() => hub.stop());

const load = () => new Load({ url: hub.url, group: 'stall', token: 'gateway' });

describe('the load', () => {
  test('one burst is 50 instants of 4 metrics, each a reading of its own', async () => {
    const one = load();
    await one.burst();
    const body = JSON.parse(hub.requests[0]?.body ?? '[]') as readonly { readonly ts: number }[];
    expect(hub.requests[0]?.line).toBe('POST /api/v1/groups/stall/devices/load/telemetry');
    expect(new Set(body.map(({ ts }) => ts)).size).toBe(50);
    expect(one.acknowledged).toBe(200);
    expect(one.ackLatencies.count).toBe(1);
  });

  test('what was refused is not counted as acknowledged', async () => {
    hub.answer = () => ({ status: 403 });
    const one = load();
    await expect(one.burst()).rejects.toThrow('The hub refused the load with 403');
    expect(one.acknowledged).toBe(0);
  });

  test('stops when told', async () => {
    await expect(load().run(60_000, AbortSignal.abort())).rejects.toThrow();
    expect(hub.requests).toEqual([]);
  });
});

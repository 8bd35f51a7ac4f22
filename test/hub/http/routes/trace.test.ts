import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
  const note = {
    source: { edge: 'mqtt', principal: 'p', topic: 'a/b' },
    receivedAtUs: 7000,
    events: [],
    others: [],
    problems: [],
    rejected: [],
  } as const;
  const readings = [{ group: 'plant', device: 'pump', metric: 'flow', value: 2 }];
  rig.traces.note({ ...note, readings, decoder: 'acme', outcome: 'taken' }, { bytes: Buffer.from([0xff]) });
  const reason = { code: 'unmapped', message: 'Nobody knows it.' };
  rig.traces.note({ ...note, readings: [], outcome: 'inbox', reason });
});

async function statusOf(role: 'operator' | 'viewer', url: string): Promise<number> {
  const token = await rig.token({ name: role, role, groups: ['plant'] });
  return (await rig.request({ url, headers: { authorization: `Bearer ${token}` } })).statusCode;
}

describe('a trace', () => {
  test('of a device: the last messages with bytes, decoder and values', async () => {
    const answer = await rig.request({ url: '/api/v1/groups/plant/devices/pump/trace' });
    expect(answer.json()).toEqual({
      items: [
        {
          at: 7,
          edge: 'mqtt',
          principal: 'p',
          topic: 'a/b',
          payload: '/w==',
          encoding: 'base64',
          bytes: 1,
          decoder: 'acme',
          outcome: 'taken',
          values: [{ group: 'plant', device: 'pump', metric: 'flow', value: 2 }],
          events: [],
          dropped: [],
        },
      ],
    });
  });

  test('of a topic that led to no device', async () => {
    const answer = await rig.request({ url: `/api/v1/trace?topic=${encodeURIComponent('a/b')}` });
    expect(answer.json()).toMatchObject({ items: [{ outcome: 'inbox', reason: { code: 'unmapped' } }] });
  });

  test('operators see those of their groups; topics only who sees all groups; viewers none', async () => {
    expect(await statusOf('operator', '/api/v1/groups/plant/devices/pump/trace')).toBe(200);
    expect(await statusOf('operator', '/api/v1/groups/office/devices/pump/trace')).toBe(404);
    expect(await statusOf('operator', '/api/v1/trace?topic=a')).toBe(403);
    expect(await statusOf('viewer', '/api/v1/groups/plant/devices/pump/trace')).toBe(403);
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { RejectedDeliveryError } from '#contract/errors.ts';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});
const url = '/api/v1/groups/plant/devices/pump/events';

describe('storing events', () => {
  test('one event or several, with the time of the device where it has one', async () => {
    expect((await rig.request({ method: 'POST', url, payload: { name: 'boot' } })).json()).toMatchObject({
      accepted: 1,
    });
    const payload = [
      { name: 'press', ts: 1_780_000_000_000, data: { button: 1 }, id: 'p1' },
      { name: 'press' },
    ];
    await rig.request({ method: 'POST', url, payload });
    const at = { group: 'plant', device: 'pump' };
    expect(rig.ingest.deliveries.map(({ events }) => events)).toEqual([
      [{ ...at, name: 'boot' }],
      [
        { ...at, name: 'press', timeUs: 1_780_000_000_000_000, data: { button: 1 }, id: 'p1' },
        { ...at, name: 'press' },
      ],
    ]);
  });

  const wrong = [{}, { name: '' }, { name: 5 }, { name: 'x'.repeat(65) }, { name: 'a', other: 1 }, [], 'x'];
  for (const payload of [...wrong, { name: 'a', ts: 'yesterday' }, { name: 'a', ts: null }])
    test(`${JSON.stringify(payload).slice(0, 40)} is 400`, async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await rig.request({ method: 'POST', url, payload: JSON.stringify(payload), headers });
      expect(answer.statusCode).toBe(400);
      expect(rig.ingest.deliveries).toHaveLength(0);
    });

  test('an event that can never be accepted is 422', async () => {
    rig.ingest.answer = () => Promise.reject(new RejectedDeliveryError('too-old', 'Too old.'));
    expect((await rig.request({ method: 'POST', url, payload: { name: 'a' } })).statusCode).toBe(422);
  });
});

describe('reading events', () => {
  test('times are ms with their fractions; the range and the limit are handed on', async () => {
    const event = {
      group: 'plant',
      device: 'pump',
      name: 'press',
      timeUs: 1_780_000_000_000_250,
      data: null,
    } as const;
    rig.history.found = [{ ...event, stampedBy: 'device', offset: 9 }];
    const answer = await rig.request({ url: `${url}?start=1780000000000&end=2026-06-01T00:00:00Z&limit=5` });
    expect(answer.json().items).toEqual([
      { group: 'plant', device: 'pump', name: 'press', offset: 9, time: 1_780_000_000_000.25, data: null },
    ]);
    expect(rig.history.queries).toEqual([
      [
        'plant',
        { device: 'pump', start: 1_780_000_000_000, end: Date.parse('2026-06-01T00:00:00Z'), limit: 6 },
      ],
    ]);
  });

  test('a page has its events in order; its cursor leads to older ones', async () => {
    const event = { group: 'plant', device: 'pump', name: 'press', data: null, stampedBy: 'device' } as const;
    rig.history.found = [1, 2, 3].map((offset) => ({ ...event, timeUs: offset * 1000, offset }));
    const page = (await rig.request({ url: `${url}?limit=2` })).json();
    expect(page.items.map(({ offset }: { offset: number }) => offset)).toEqual([2, 3]);
    rig.history.found = [];
    expect((await rig.request({ url: `${url}?limit=2&cursor=${page.next}` })).json()).toEqual({ items: [] });
    expect(rig.history.queries.at(-1)).toEqual([
      'plant',
      { device: 'pump', before: { timeUs: 2000, offset: 2 }, limit: 3 },
    ]);
  });
});

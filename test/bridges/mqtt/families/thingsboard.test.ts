import { describe, expect, test } from 'vitest';
import { map, understand } from './decode.ts';

const sender = { group: 'house', device: 'boiler' };

describe('ThingsBoard device API', () => {
  test('`me` is the device that sends, in its own group', () => {
    expect(understand('v1/devices/me/telemetry', { flow: 41.5, on: true, note: 'ok' }, { sender })).toEqual([
      'house/boiler flow = 41.5',
      'house/boiler on = true',
      'house/boiler note = "ok"',
    ]);
  });
  test('times are in milliseconds, several in one message', () => {
    const items = [
      { ts: 1780000000000, values: { a: 1 } },
      { ts: 1780000001500, values: { a: { b: 2 } } },
    ];
    expect(understand('v1/devices/me/telemetry', items, { sender })).toEqual([
      'house/boiler a = 1 @2026-05-28T20:26:40.000Z',
      'house/boiler a.b = 2 @2026-05-28T20:26:41.500Z',
    ]);
  });
  test('attributes are state', () => {
    const meaning = map('v1/devices/me/attributes', { serial: 'S1', limit: 7 }, { sender });
    expect(meaning?.reported).toEqual([{ ...sender, state: { serial: 'S1', limit: 7 } }]);
  });
  test('the short topics are the same', () => {
    expect(understand('v2/t', { a: 1 }, { sender })).toEqual(['house/boiler a = 1']);
    expect(map('v2/a', { a: 1 }, { sender })?.reported).toEqual([{ ...sender, state: { a: 1 } }]);
  });
  test('a sender without a group is a device of this family', () =>
    expect(understand('v1/devices/me/telemetry', { a: 1 }, { sender: { device: 'x' } })).toEqual([
      'thingsboard/x a = 1',
    ]));
  test('behind another broker nobody can tell who `me` is', () =>
    expect(understand('v1/devices/me/telemetry', { a: 1 })).toEqual(['aside']));
  for (const topic of [
    'v1/devices/me/attributes/request/1',
    'v1/devices/me/rpc/request/1',
    'v1/devices/me/rpc/response/1',
  ])
    test(`${topic} is set aside`, () => expect(understand(topic, {}, { sender })).toEqual(['aside']));
});

describe('ThingsBoard gateway API', () => {
  test('one message has readings of several devices', () => {
    const message = { 'Pump A': [{ ts: 1780000000000, values: { rpm: 900 } }], B: [{ rpm: 1 }] };
    expect(understand('v1/gateway/telemetry', message)).toEqual([
      'thingsboard/Pump_A-8053 rpm = 900 @2026-05-28T20:26:40.000Z',
      'thingsboard/B rpm = 1',
    ]);
  });
  test('connecting and disconnecting tell presence', () => {
    expect(understand('v1/gateway/connect', { device: 'B', type: 'pump' })).toEqual([
      'thingsboard/B is online',
    ]);
    expect(understand('v1/gateway/disconnect', { device: 'B' })).toEqual(['thingsboard/B is offline']);
  });
  test('attributes are state of each device', () =>
    expect(map('v1/gateway/attributes', { B: { a: 1 } })?.reported).toEqual([
      { group: 'thingsboard', device: 'B', state: { a: 1 } },
    ]));
  test('a message without devices is a mistake', () => {
    expect(() => understand('v1/gateway/connect', {})).toThrow(/no device/);
    expect(() => understand('v1/gateway/telemetry', [1])).toThrow(/object of devices/);
    expect(() => understand('v1/gateway/telemetry', { B: 1 })).toThrow(/object of values/);
  });
});

test('other topics of that version are nobody’s', () => {
  expect(understand('v1/devices/you/telemetry', { a: 1 })).toEqual(['unknown']);
  expect(understand('v1/gateway/other', { a: 1 })).toEqual(['unknown']);
  expect(understand('v1/devices/me/telemetry', 'text')).toEqual(['unknown']);
});

test('attributes that the server wants a device to have are no state of it', () => {
  expect(understand('v1/gateway/attributes', { device: 'Device A', data: { target: 21 } })).toEqual([
    'aside',
  ]);
});

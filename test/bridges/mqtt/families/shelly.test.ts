import { describe, expect, test } from 'vitest';
import { toContext, understand } from './decode.ts';

const notify = (method: string, params: object): object => ({
  src: 'shellyplus1-a1b2c3',
  dst: 'x',
  method,
  params,
});

describe('Shelly generation 2, notifications', () => {
  test('a status has its components, its time and its units', () => {
    const params = {
      ts: 1777629600.5,
      'switch:0': {
        id: 0,
        apower: 12.5,
        output: true,
        aenergy: { total: 7, by_minute: [5], minute_ts: 1777629600 },
      },
    };
    expect(understand('porch/events/rpc', notify('NotifyStatus', params))).toEqual([
      'shelly/porch switch:0.apower = 12.5 W @2026-05-01T10:00:00.500Z',
      'shelly/porch switch:0.output = true @2026-05-01T10:00:00.500Z',
      'shelly/porch switch:0.aenergy.total = 7 W.h @2026-05-01T10:00:00.500Z',
      'shelly/porch switch:0.aenergy.by_minute.0 = 5 mW.h @2026-05-01T10:00:00.500Z',
    ]);
  });
  test('an event is an event', () => {
    const params = {
      ts: 1777629600,
      events: [{ component: 'input:0', id: 0, event: 'double_push', ts: 1777629599.5 }],
    };
    expect(understand('porch/events/rpc', notify('NotifyEvent', params))).toEqual([
      'shelly/porch ! double_push {"component":"input:0","id":0} @2026-05-01T09:59:59.500Z',
    ]);
  });
  test('three phases have their units', () => {
    const params = {
      'em:0': { a_voltage: 231, b_act_power: -40, total_act_power: 100 },
      'emdata:0': { total_act_energy: 9 },
    };
    expect(understand('porch/events/rpc', notify('NotifyStatus', params))).toEqual([
      'shelly/porch em:0.a_voltage = 231 V',
      'shelly/porch em:0.b_act_power = -40 W',
      'shelly/porch em:0.total_act_power = 100 W',
      'shelly/porch emdata:0.total_act_energy = 9 W.h',
    ]);
  });
});

describe('Shelly generation 2, other topics', () => {
  test('a component has a topic of its own', () => {
    expect(understand('porch/status/temperature:100', { id: 100, tC: 4.5, tF: 40.1 })).toEqual([
      'shelly/porch temperature:100.tC = 4.5 Cel',
      'shelly/porch temperature:100.tF = 40.1 [degF]',
    ]);
  });
  test('online tells presence where the prefix says whose it is', () => {
    expect(understand('shellyplus1-a1b2c3/online', 'false')).toEqual([
      'shelly/shellyplus1-a1b2c3 is offline',
    ]);
    expect(understand('porch/online', 'false')).toEqual(['unknown']);
  });
  test('calls and their answers are set aside', () => {
    expect(
      understand('shellyplus1-a1b2c3/rpc', { id: 1, src: 'me', method: 'Switch.Set', params: {} }),
    ).toEqual(['aside']);
    expect(understand('me/rpc', { id: 1, src: 'shellyplus1-a1b2c3', result: {} })).toEqual(['aside']);
  });
  for (const [topic, payload] of [
    ['porch/status/garage', '{"id":0}'],
    ['porch/events/rpc', '{"method":"NotifyStatus"}'],
    ['porch/rpc', '{"id":1}'],
  ] as const)
    test(`${topic} ${payload} is not Shelly's`, () =>
      expect(understand(topic, payload)).toEqual(['unknown']));
});

test('a component of another name proves itself by its id', () => {
  expect(understand('hall/status/blutrv:200', { id: 200, target_C: 21, pos: 12 })).toEqual([
    'shelly/hall blutrv:200.target_C = 21 Cel',
    'shelly/hall blutrv:200.pos = 12 %',
  ]);
  expect(understand('hall/status/pump:200', { id: 1, pos: 12 })).toEqual(['unknown']);
});

test('single-phase meters, commands and logs', () => {
  expect(understand('shellyproem50-1/status/em1:0', { id: 0, act_power: 100, aprt_power: 115 })).toEqual([
    'shelly/shellyproem50-1 em1:0.act_power = 100 W',
    'shelly/shellyproem50-1 em1:0.aprt_power = 115 V.A',
  ]);
  expect(understand('shellyplus1-a8032a/command/switch:0', 'on')).toEqual(['aside']);
  expect(understand('shellyplus1-a8032a/debug/log', 'boot')).toEqual([
    'shelly/shellyplus1-a8032a ! log {"message":"boot"}',
  ]);
});

test.each([
  ['foo/status/wifi', { ssid: 'x' }],
  ['printer/status/ui', { a: 1 }],
  ['foo/rpc', { src: 'a', method: 'Do.It', params: {} }],
  ['myshellbox/online', 'true'],
])('%s is not written by a Shelly beyond doubt', (topic, payload) => {
  expect(understand(topic, payload)).toEqual(['unknown']);
});

test('of a prefix that has shown itself the single components are known, too', () => {
  const context = toContext();
  understand('hall/status/switch:0', { id: 0, output: true }, { context });
  expect(understand('hall/status/wifi', { rssi: -50 }, { context })).toEqual([
    'shelly/hall wifi.rssi = -50 dB[mW]',
  ]);
});

import { describe, expect, test } from 'vitest';
import { understand } from './decode.ts';

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

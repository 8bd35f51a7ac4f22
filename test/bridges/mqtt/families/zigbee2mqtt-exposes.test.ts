import { describe, expect, test } from 'vitest';
import { toldTo } from './decode.ts';

const devices = (exposes: object[]): object[] => [
  { friendly_name: 'hall/lamp', type: 'Router', ieee_address: '0x1', definition: { model: 'L1', exposes } },
];
const told = (exposes: object[]): string[] => toldTo('zigbee2mqtt/bridge/devices', devices(exposes));
const onOff = { type: 'binary', value_on: 'ON', value_off: 'OFF' };

describe('zigbee2mqtt, Exposes', () => {
  test('features of a light can be set, each under its property', () =>
    expect(
      told([
        {
          type: 'light',
          features: [
            { ...onOff, property: 'state', access: 7, label: 'State' },
            { type: 'numeric', property: 'brightness', access: 7, value_min: 0, value_max: 254 },
          ],
        },
      ]),
    ).toEqual([
      'zigbee2mqtt/hall_lamp-220b state switch (State) → zigbee2mqtt/hall/lamp/set {"state":"ON"}',
      'zigbee2mqtt/hall_lamp-220b brightness slider 0..254 → zigbee2mqtt/hall/lamp/set {"brightness":254}',
    ]));
  test('what is only published cannot be set', () =>
    expect(told([{ ...onOff, property: 'contact', access: 1 }])).toEqual([]));
  test('words are those of the device', () =>
    expect(
      told([{ type: 'binary', property: 'child_lock', access: 3, value_on: true, value_off: false }]),
    ).toEqual([
      'zigbee2mqtt/hall_lamp-220b child_lock switch → zigbee2mqtt/hall/lamp/set {"child_lock":true}',
    ]));
  test('a lock says LOCK: that cannot be shown as a switch', () =>
    expect(
      told([{ type: 'binary', property: 'state', access: 7, value_on: 'LOCK', value_off: 'UNLOCK' }]),
    ).toEqual([]));
  test('a number without a range is no slider', () =>
    expect(told([{ type: 'numeric', property: 'countdown', access: 7 }])).toEqual([]));
  test('a set-point has its unit and step', () =>
    expect(
      told([
        {
          type: 'climate',
          features: [
            {
              type: 'numeric',
              property: 'current_heating_setpoint',
              access: 7,
              value_min: 5,
              value_max: 30,
              value_step: 0.5,
              unit: '°C',
            },
          ],
        },
      ]),
    ).toEqual([
      'zigbee2mqtt/hall_lamp-220b current_heating_setpoint slider 5..30/0.5 Cel → ' +
        'zigbee2mqtt/hall/lamp/set {"current_heating_setpoint":30}',
    ]));
  test('the parts of a composite are no properties of the device', () =>
    expect(
      told([
        {
          type: 'composite',
          property: 'color',
          features: [{ type: 'numeric', property: 'x', access: 7, value_min: 0, value_max: 1 }],
        },
      ]),
    ).toEqual([]));
  test('before the bridge has told, the state of a switch or a lamp is enough', () =>
    expect(toldTo('zigbee2mqtt/plug', { state: 'OFF', brightness: 7, power: 0 })).toEqual([
      'zigbee2mqtt/plug state switch → zigbee2mqtt/plug/set {"state":"ON"}',
      'zigbee2mqtt/plug brightness slider 0..254/1 → zigbee2mqtt/plug/set {"brightness":254}',
    ]));
  test('a cover’s state is no switch', () =>
    expect(toldTo('zigbee2mqtt/blind', { state: 'OPEN', position: 100 })).toEqual([]));
});

import { expect, test } from 'vitest';
import { understand } from './decode.ts';

const heard = { encryption: false, BTHome_version: 2, pid: 7, address: '0a:1b:2c:3d:4e:5f' };
const device = 'shelly/0a:1b:2c:3d:4e:5f';

test('a sensor has the units of BTHome', () =>
  expect(understand('any/topic', { ...heard, temperature: 4.5, battery: 90, rssi: -70, window: 1 })).toEqual([
    `${device} temperature = 4.5 Cel`,
    `${device} battery = 90 %`,
    `${device} rssi = -70 dB[mW]`,
    `${device} window = 1`,
  ]));

test('a press is an event, of each button that was pressed', () => {
  expect(understand('any/topic', { ...heard, button: [0, 2] })).toEqual([
    `${device} ! button {"button":1,"press":2}`,
  ]);
  expect(understand('any/topic', { ...heard, battery: 90, button: 0 })).toEqual([`${device} battery = 90 %`]);
});

test('without address or version it is nobody’s', () => {
  expect(understand('any/topic', { BTHome_version: 2, temperature: 1 })).toEqual(['unknown']);
  expect(understand('any/topic', { address: heard.address, temperature: 1 })).toEqual(['unknown']);
});

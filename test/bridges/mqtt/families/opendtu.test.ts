import { expect, test } from 'vitest';
import { toContext, understand } from './decode.ts';

test('each channel of an inverter has its values; channel 0 is the grid', () => {
  expect(understand('solar/114172220001/0/power', '350.5')).toEqual([
    'opendtu/114172220001 0.power = 350.5 W',
  ]);
  expect(understand('solar/114172220001/0/yieldtotal', '812.6')).toEqual([
    'opendtu/114172220001 0.yieldtotal = 812.6 kW.h',
  ]);
  expect(understand('solar/114172220001/1/yieldday', '1200')).toEqual([
    'opendtu/114172220001 1.yieldday = 1200 W.h',
  ]);
});

test('an inverter sleeps at night', () =>
  expect(understand('solar/114172220001/status/reachable', '0')).toEqual([
    'opendtu/114172220001 status.reachable = 0',
    'opendtu/114172220001 is offline',
  ]));

test('the gateway has a will and a radio', () => {
  expect(understand('solar/dtu/status', 'offline')).toEqual(['opendtu/dtu is offline']);
  expect(understand('solar/dtu/rssi', '-61')).toEqual(['opendtu/dtu rssi = -61 dB[mW]']);
});

test('the sum of all is only known for what it is behind an inverter', () => {
  const context = toContext();
  expect(understand('solar/ac/power', '700', { context })).toEqual(['unknown']);
  understand('solar/114172220001/0/power', '700', { context });
  expect(understand('solar/ac/power', '700', { context })).toEqual(['opendtu/total ac.power = 700 W']);
});

test('commands and what an inverter is are set aside, other solar topics are nobody’s', () => {
  expect(understand('solar/114172220001/cmd/limit_nonpersistent_relative', '50')).toEqual(['aside']);
  expect(understand('solar/114172220001/device/fwbuildversion', '10010')).toEqual(['aside']);
  expect(understand('solar/inverter/1/dc', '5')).toEqual(['unknown']);
});

import { describe, expect, test } from 'vitest';
import { map, understand } from './decode.ts';

const portal = 'c0ffee012345';
const device = `victron/${portal}.battery.256`;

describe('Victron', () => {
  for (const [path, value, line] of [
    ['Dc/0/Voltage', 52.5, 'Dc.0.Voltage = 52.5 V'],
    ['Dc/0/Current', -3, 'Dc.0.Current = -3 A'],
    ['Dc/0/Power', 100, 'Dc.0.Power = 100 W'],
    ['Dc/0/Temperature', 21, 'Dc.0.Temperature = 21 Cel'],
    ['Soc', 80, 'Soc = 80 %'],
    ['TimeToGo', 3600, 'TimeToGo = 3600 s'],
    ['ConsumedAmphours', -9, 'ConsumedAmphours = -9 A.h'],
    ['Ac/L1/Energy/Forward', 7.5, 'Ac.L1.Energy.Forward = 7.5 kW.h'],
    ['Ac/Out/L1/P', 60, 'Ac.Out.L1.P = 60 W'],
    ['Ac/Out/L1/V', 230, 'Ac.Out.L1.V = 230 V'],
    ['Yield/User', 4, 'Yield.User = 4 kW.h'],
    ['State', 3, 'State = 3'],
    ['Soc', null, 'Soc = null ~bad'],
  ] as const)
    test(`${path} ${value}`, () =>
      expect(understand(`N/${portal}/battery/256/${path}`, { value })).toEqual([`${device} ${line}`]));
  test('a tank holds cubic metres', () =>
    expect(understand(`N/${portal}/tank/20/Capacity`, { value: 0.2 })).toEqual([
      `victron/${portal}.tank.20 Capacity = 0.2 m3`,
    ]));
  test('names describe, lists are state', () => {
    expect(map(`N/${portal}/battery/256/ProductName`, { value: 'BMV' })?.descriptions).toMatchObject([
      { description: { model: 'BMV' } },
    ]);
    expect(map(`N/${portal}/battery/256/Devices`, { value: [1] })?.reported).toMatchObject([
      { state: { Devices: [1] } },
    ]);
  });
  test('requests and signs of life are set aside', () => {
    for (const topic of [`R/${portal}/keepalive`, `W/${portal}/x/0/y`, `N/${portal}/heartbeat`])
      expect(understand(topic, { value: 1 })).toEqual(['aside']);
  });
  for (const [topic, payload] of [
    ['N/kitchen/battery/256/Soc', { value: 1 }],
    [`N/${portal}/battery/256/Soc`, { val: 1 }],
    [`N/${portal}/battery/x/Soc`, { value: 1 }],
  ] as const)
    test(`${topic} ${JSON.stringify(payload)} is nobody’s`, () =>
      expect(understand(topic, payload)).toEqual(['unknown']));
});

test('a position is in degrees, speed over ground in metres a second', () => {
  expect(understand('N/c0619ab1f0e2/gps/0/Position/Latitude', { value: 48.1 })).toEqual([
    'victron/c0619ab1f0e2.gps.0 Position.Latitude = 48.1 deg',
  ]);
  expect(understand('N/c0619ab1f0e2/gps/0/Speed', { value: 2.5 })).toEqual([
    'victron/c0619ab1f0e2.gps.0 Speed = 2.5 m/s',
  ]);
});

test('alternating current has frequency and apparent power, histories their extremes', () => {
  for (const [path, value, unit] of [
    ['vebus/276/Ac/Out/L1/F', 50, 'Hz'],
    ['vebus/276/Ac/Out/L1/S', 276, 'V.A'],
    ['solarcharger/288/History/Daily/0/MaxPower', 800, 'W'],
    ['battery/256/Info/MaxChargeCurrent', 100, 'A'],
    ['battery/256/History/DeepestDischarge', -120, 'A.h'],
    ['evcharger/40/ChargingTime', 1200, 's'],
  ] as const)
    expect(understand(`N/c0619ab1f0e2/${path}`, { value })[0]).toMatch(
      new RegExp(` = ${value} ${unit.replaceAll('.', '\\.')}$`),
    );
});

import { describe, expect, test } from 'vitest';
import { understand } from './decode.ts';

describe('evcc', () => {
  for (const [topic, payload, line] of [
    ['site/homePower', '350', 'site homePower = 350 W'],
    ['site/pv/1/power', '1200.5', 'site pv.1.power = 1200.5 W'],
    ['site/grid/currents/l2', '3.5', 'site grid.currents.l2 = 3.5 A'],
    ['site/battery/soc', '75', 'site battery.soc = 75 %'],
    ['site/tariffGrid', '0.3', 'site tariffGrid = 0.3'],
    ['site/greenShareHome', '0.5', 'site greenShareHome = 0.5'],
    ['loadpoints/1/chargePower', '7000', 'loadpoints.1 chargePower = 7000 W'],
    ['loadpoints/1/chargedEnergy', '900', 'loadpoints.1 chargedEnergy = 900 W.h'],
    ['loadpoints/1/chargeDuration', '900', 'loadpoints.1 chargeDuration = 900'],
    ['loadpoints/1/connected', 'true', 'loadpoints.1 connected = true'],
    ['loadpoints/1/mode', 'pv', 'loadpoints.1 mode = "pv"'],
    ['loadpoints/1/vehicleSoc', 'nil', 'loadpoints.1 vehicleSoc = null ~bad'],
    ['vehicles/bus/limitSoc', '80', 'vehicles.bus limitSoc = 80 %'],
  ] as const)
    test(`${topic} ${payload}`, () => expect(understand(`evcc/${topic}`, payload)).toEqual([`evcc/${line}`]));
  test('its will tells presence', () =>
    expect(understand('evcc/status', 'offline')).toEqual(['evcc/site is offline']));
  test('commands and counts are set aside', () => {
    expect(understand('evcc/loadpoints/1/mode/set', 'now')).toEqual(['aside']);
    expect(understand('evcc/loadpoints', '2')).toEqual(['aside']);
    expect(understand('evcc/updated', '1780000000')).toEqual(['aside']);
  });
  test('other topics are nobody’s', () => {
    expect(understand('evcc/garden/power', '1')).toEqual(['unknown']);
    expect(understand('evcc/loadpoints/one', '1')).toEqual(['unknown']);
    expect(understand('evcc/site/power', { a: 1 })).toEqual(['unknown']);
  });
});

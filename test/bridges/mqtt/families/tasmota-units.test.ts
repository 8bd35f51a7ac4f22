import { describe, expect, test } from 'vitest';
import { tasmotaUnit } from '../../../../bridges/mqtt/families/tasmota-units.ts';

function unitOf(path: string, fields: Readonly<Record<string, unknown>> = {}): string | undefined {
  return tasmotaUnit(path.split('/'), 1, fields);
}

describe('Tasmota, a unit that stands in the message', () => {
  const spelled = [
    ['TempUnit', 'C', 'Cel', 'DS18B20/Temperature'],
    ['TempUnit', 'F', '[degF]', 'SHT3X/DewPoint'],
    ['TempUnit', 'K', 'K', 'BME280/HeatIndex'],
    ['PressureUnit', 'hPa', 'hPa', 'BME280/Pressure'],
    ['PressureUnit', 'inHg', "[in_i'Hg]", 'BME280/SeaPressure'],
    ['SpeedUnit', 'km/h', 'km/h', 'TX23/Speed/Act'],
    ['SpeedUnit', 'kn', '[kn_i]', 'TX23/Speed/Max'],
  ] as const;
  for (const [key, text, unit, path] of spelled)
    test(`${key} ${text} makes ${path} ${unit}`, () => expect(unitOf(path, { [key]: text })).toBe(unit));

  test('that is missing, unknown or no text leaves the value without one, rather than with a guess', () => {
    expect(unitOf('DS18B20/Temperature')).toBeUndefined();
    expect(unitOf('DS18B20/Temperature', { TempUnit: 'R' })).toBeUndefined();
    expect(unitOf('DS18B20/Temperature', { TempUnit: 1 })).toBeUndefined();
    expect(unitOf('BME280/Pressure', { TempUnit: 'C' })).toBeUndefined();
  });
});

describe('Tasmota, a unit by the name of the value', () => {
  const fixed = [
    ['AM2301/Humidity', '%'],
    ['BH1750/Illuminance', 'lx'],
    ['MHZ19B/CarbonDioxide', '[ppm]'],
    ['PMS5003/PM10', 'ug/m3'],
    ['TX23/Dir/Deg', 'deg'],
    ['ENERGY/Today', 'kW.h'],
    ['ENERGY/Period', 'W.h'],
    ['ENERGY/Phase1/Voltage', 'V'],
    ['ENERGY/TotalTariff/0', 'kW.h'],
    ['INA219/Voltage', 'V'],
    ['Shutter1/Position', '%'],
    ['Shutter2/Target', '%'],
  ] as const;
  for (const [path, unit] of fixed) test(`${path} is in ${unit}`, () => expect(unitOf(path)).toBe(unit));

  test('a distance is in what its sensor measures', () => {
    expect(unitOf('SR04/Distance')).toBe('cm');
    expect(unitOf('VL53L0X/Distance')).toBe('mm');
    expect(unitOf('VL53L1X-1/Distance')).toBe('mm');
    expect(unitOf('Unknown/Distance')).toBeUndefined();
  });

  test('PM2.5 is one name, although its dot looks like a path', () => {
    for (const path of ['PMS5003/PM2.5', 'PMS5003/PM2/5', 'PMS5003/PM2'])
      expect([path, unitOf(path)]).toEqual([path, 'ug/m3']);
  });

  test('a signal is a share for the own Wi-Fi and dBm for what a radio hears', () => {
    expect(unitOf('Wifi/RSSI')).toBe('%');
    expect(unitOf('Wifi/Signal')).toBe('dB[mW]');
    expect(unitOf('MJ_HT_V1/RSSI')).toBe('dB[mW]');
  });

  test('a dimmer goes to 100 in Tasmota and to 254 behind its Zigbee gateway', () => {
    expect(unitOf('Dimmer')).toBe('%');
    expect(unitOf('Dimmer', { LinkQuality: 90 })).toBeUndefined();
  });

  for (const path of ['ANALOG/A0', 'COUNTER/C1', 'ENERGY/Unknown', 'Position', ''])
    test(`${JSON.stringify(path)} has none`, () => expect(unitOf(path)).toBeUndefined());

  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
    test(`${name} is a name like any other`, () => {
      for (const path of [name, `ENERGY/${name}`, `X/${name}`]) expect(unitOf(path)).toBeUndefined();
      expect(unitOf('X/Temperature', { TempUnit: name })).toBeUndefined();
    });
});

test.each([
  [['INA219', 'Current'], {}, 'A'],
  [['INA3221', 'Power', '0'], {}, 'W'],
  [['Status', 'Power'], {}, undefined],
  [['ANALOG', 'Temperature1'], { TempUnit: 'C' }, 'Cel'],
  [['ANALOG', 'CTEnergy1', 'Power'], {}, 'W'],
  [['GPS', 'Latitude'], {}, 'deg'],
  [['RSSI'], {}, '%'],
  [['Temperature'], { LinkQuality: 60 }, 'Cel'],
  [['Power'], { LinkQuality: 60 }, undefined],
] as const)('%j beside %j is measured in %s', (path, fields, unit) => {
  expect(tasmotaUnit(path, 1, fields)).toBe(unit);
});

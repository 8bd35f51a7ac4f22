import { describe, expect, test } from 'vitest';
import { FormatError } from '#contract/formats/decoded.ts';
import { map, toContext, understand } from './decode.ts';

const local = '2026-05-01T12:00:00';
const utc = '@2026-05-01T12:00:00.000Z';

describe('Tasmota, topics', () => {
  test('FullTopic may put the prefix anywhere', () => {
    for (const topic of ['tele/plug/SENSOR', 'plug/tele/SENSOR'])
      expect(understand(topic, { SHT3X: { Humidity: 40 } })).toEqual(['tasmota/plug SHT3X.Humidity = 40 %']);
  });
  test('a name with slashes becomes one id and keeps its title', () => {
    const meaning = map('house/attic/tele/LWT', 'Online');
    expect(meaning?.presence?.[0]?.device).toMatch(/^house_attic-[0-9a-f]{4}$/);
    expect(meaning?.descriptions?.[0]?.description.title).toBe('house/attic');
  });
  test('the will tells presence', () => {
    expect(understand('tele/plug/LWT', 'Online')).toEqual(['tasmota/plug is online']);
    expect(understand('tele/plug/LWT', 'Offline')).toEqual(['tasmota/plug is offline']);
  });
  test('commands are set aside', () => expect(understand('cmnd/plug/POWER', 'ON')).toEqual(['aside']));
  for (const [topic, payload] of [
    ['stat/plug/temperature', '21'],
    ['tele/plug/sensor', '{"a":1}'],
    ['tele/SENSOR', '{"a":1}'],
    ['stat/plug/TEMP', '21'],
    ['hotel/plug/SENSOR', '{"a":1}'],
  ] as const)
    test(`${topic} is not Tasmota's`, () => expect(understand(topic, payload)).toEqual(['unknown']));
  for (const topic of ['tele/plug/SENSOR', 'tele/plug/LWT', 'tele/plug/INFO1'])
    test(`a broken payload on ${topic} is refused`, () =>
      expect(() => map(topic, '{"Time":')).toThrow(FormatError));
});

describe('Tasmota, time', () => {
  test('a time without zone in an unknown zone is uncertain', () => {
    expect(understand('tele/plug/SENSOR', { Time: local, ANALOG: { A0: 7 } })).toEqual([
      `tasmota/plug ANALOG.A0 = 7 ~uncertain ${utc}`,
    ]);
  });
  test('in a zone that the operator named it is certain', () => {
    expect(
      understand('tele/plug/SENSOR', { Time: local, ANALOG: { A0: 7 } }, { zone: 'Europe/Berlin' }),
    ).toEqual(['tasmota/plug ANALOG.A0 = 7 @2026-05-01T10:00:00.000Z']);
  });
  test('a zone in the payload decides', () => {
    expect(understand('tele/plug/SENSOR', { Time: `${local}+02:00`, ANALOG: { A0: 7 } })).toEqual([
      'tasmota/plug ANALOG.A0 = 7 @2026-05-01T10:00:00.000Z',
    ]);
  });
  test('Epoch is exact', () => {
    expect(understand('tele/plug/SENSOR', { Time: local, Epoch: 1777629600, ANALOG: { A0: 7 } })).toEqual([
      'tasmota/plug ANALOG.A0 = 7 @2026-05-01T10:00:00.000Z',
    ]);
  });
  test('a time that cannot be read leaves its readings to the arrival, uncertain', () => {
    expect(understand('tele/plug/SENSOR', { Time: '2026-05-01T12:00:00zz', ANALOG: { A0: 7 } })).toEqual([
      'tasmota/plug ANALOG.A0 = 7 ~uncertain',
    ]);
  });
});

describe('Tasmota, values', () => {
  test('units stand beside the values', () => {
    const payload = {
      BME280: { Temperature: 70.1, Pressure: 740, Humidity: 50 },
      TempUnit: 'F',
      PressureUnit: 'mmHg',
    };
    expect(understand('tele/plug/SENSOR', payload)).toEqual([
      'tasmota/plug BME280.Temperature = 70.1 [degF]',
      'tasmota/plug BME280.Pressure = 740 mm[Hg]',
      'tasmota/plug BME280.Humidity = 50 %',
    ]);
  });
  test('energy has fixed units, per phase too', () => {
    const payload = { ENERGY: { Total: 1.5, Power: [10, 20], Voltage: 230, Factor: 0.9, Period: 4 } };
    expect(understand('tele/plug/SENSOR', payload)).toEqual([
      'tasmota/plug ENERGY.Total = 1.5 kW.h',
      'tasmota/plug ENERGY.Power.0 = 10 W',
      'tasmota/plug ENERGY.Power.1 = 20 W',
      'tasmota/plug ENERGY.Voltage = 230 V',
      'tasmota/plug ENERGY.Factor = 0.9 1',
      'tasmota/plug ENERGY.Period = 4 W.h',
    ]);
  });
  test('the answer to Status 8 has the same metrics as telemetry', () => {
    expect(
      understand('stat/plug/STATUS8', { StatusSNS: { DS18B20: { Temperature: '21.5' }, TempUnit: 'C' } }),
    ).toEqual(['tasmota/plug DS18B20.Temperature = 21.5 Cel']);
  });
  test('a relay is on or off, however it is written', () => {
    expect(understand('stat/plug/POWER', 'ON')).toEqual(['tasmota/plug POWER = true']);
    expect(understand('stat/plug/RESULT', { POWER2: '0' })).toEqual(['tasmota/plug POWER2 = false']);
  });
  test('an id in digits stays a text', () => {
    expect(understand('tele/plug/SENSOR', { TIC: { ADCO: '021111222333' } })).toEqual([
      'tasmota/plug TIC.ADCO = "021111222333"',
    ]);
  });
});

describe('Tasmota, events', () => {
  test('what was received is an event', () => {
    expect(understand('tele/ir/RESULT', { IrReceived: { Protocol: 'NEC', Data: '0x1' } })).toEqual([
      'tasmota/ir ! IrReceived {"Protocol":"NEC","Data":"0x1"}',
    ]);
  });
  test('a button press is an event', () => {
    expect(understand('stat/plug/RESULT', { Button1: { Action: 'DOUBLE' } })).toEqual([
      'tasmota/plug ! Button1 {"Action":"DOUBLE"}',
    ]);
  });
  test('a start is an event', () => {
    expect(understand('tele/plug/INFO3', { Info3: { RestartReason: 'Power On' } })).toEqual([
      'tasmota/plug ! RestartReason "Power On"',
    ]);
  });
});

describe('Tasmota, other devices and descriptions', () => {
  test('a device behind a Zigbee gateway is a device of its own', () => {
    const payload = {
      ZbReceived: { '0x1A2B': { Device: '0x1A2B', Name: 'door', Contact: 1, Endpoint: 1, LinkQuality: 90 } },
    };
    expect(understand('tele/gate/SENSOR', payload)).toEqual([
      'tasmota/door Contact = 1',
      'tasmota/door LinkQuality = 90',
    ]);
  });
  test('INFO1 and native discovery describe the device', () => {
    expect(map('tele/plug/INFO1', { Info1: { Module: 'Plug X', Version: '14.1.0' } })?.descriptions).toEqual([
      { group: 'tasmota', device: 'plug', description: { model: 'Plug X', labels: { version: '14.1.0' } } },
    ]);
    const discovery = { t: 'plug', dn: 'Coffee', md: 'Plug X', sw: '14.1.0' };
    expect(map('tasmota/discovery/0A1B2C3D4E5F/config', discovery)?.descriptions).toEqual([
      {
        group: 'tasmota',
        device: 'plug',
        description: { title: 'Coffee', model: 'Plug X', labels: { mac: '0A1B2C3D4E5F', version: '14.1.0' } },
      },
    ]);
  });
});

test('the values in native discovery belong to the device that config named', () => {
  const context = toContext();
  const sensors = { sn: { Time: '2026-01-01T00:00:00Z', AM2301: { Humidity: 50 } } };
  expect(understand('tasmota/discovery/0A1B2C3D4E5F/sensors', sensors, { context })).toEqual(['aside']);
  map('tasmota/discovery/0A1B2C3D4E5F/config', { t: 'plug', dn: 'Plug' }, { context });
  expect(understand('tasmota/discovery/0A1B2C3D4E5F/sensors', sensors, { context })).toEqual([
    'tasmota/plug AM2301.Humidity = 50 % @2026-01-01T00:00:00.000Z',
  ]);
});

test('buttons and switches without a relay of their own are events', () => {
  expect(understand('stat/wall/BUTTON1', { ACTION: 'DOUBLE' })).toEqual([
    'tasmota/wall ! BUTTON1 {"ACTION":"DOUBLE"}',
  ]);
  expect(understand('stat/wall/SWITCH2T', { TRIG: 'SINGLE' })).toEqual([
    'tasmota/wall ! SWITCH2T {"TRIG":"SINGLE"}',
  ]);
  expect(understand('stat/wall/RESULT', { Switch1: { Action: 'TOGGLE' } })).toEqual([
    'tasmota/wall ! Switch1 {"Action":"TOGGLE"}',
  ]);
});

test('a Zigbee device may have a topic of its own, and a remote control presses', () => {
  const press = { Device: '0x4773', Click: 'double', Endpoint: 1, LinkQuality: 66 };
  expect(understand('tele/bridge/ZbReceived', { '0x4773': press })).toEqual([
    'tasmota/0x4773 LinkQuality = 66',
    'tasmota/0x4773 ! Click "double"',
  ]);
  expect(
    understand('tele/bridge/4773/SENSOR', { ZbReceived: { '0x4773': { Device: '0x4773', '0006!02': '' } } }),
  ).toEqual(['tasmota/0x4773 ! 0006!02 ""']);
});

test('the epoch may stand for the time, and a probe that is gone measures nothing', () => {
  expect(
    understand('tele/p/SENSOR', { Time: 1_780_315_200, DS18B20: { Temperature: -127 }, TempUnit: 'C' }),
  ).toEqual(['tasmota/p DS18B20.Temperature = null Cel ~bad @2026-06-01T12:00:00.000Z']);
});

test('a shutter says where it is on a topic of its own', () => {
  expect(understand('stat/blind/SHUTTER1', '70')).toEqual(['tasmota/blind Shutter1.Position = 70 %']);
  expect(understand('stat/blind/SHUTTER2', { Position: 70 })).toEqual([
    'tasmota/blind Shutter2.Position = 70 %',
  ]);
});

test("behind other levels `stat` may be anybody's", () => {
  expect(understand('app/stat/SUM/STATE', { a: 1 })).toEqual(['unknown']);
  expect(understand('app/stat/foo/TEMP', { a: 1 })).toEqual(['unknown']);
});

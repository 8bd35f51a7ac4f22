import { expect, test } from 'vitest';
import { understand } from './decode.ts';

test('each device on the bus has an object of its own', () => {
  expect(understand('ems-esp/boiler_data', { outdoortemp: 5.5, burngas: 'off', curburnpow: 30 })).toEqual([
    'ems-esp/boiler outdoortemp = 5.5',
    'ems-esp/boiler burngas = false',
    'ems-esp/boiler curburnpow = 30',
  ]);
  expect(understand('ems-esp/thermostat_data_hc1', { seltemp: 21 })).toEqual([
    'ems-esp/thermostat seltemp = 21',
  ]);
});

test('the gateway has a will and a heartbeat', () => {
  expect(understand('ems-esp/status', 'offline')).toEqual(['ems-esp/ems-esp is offline']);
  expect(understand('ems-esp/heartbeat', { bus_status: 'connected', uptime_sec: 70 })).toEqual([
    'ems-esp/ems-esp bus_status = "connected"',
    'ems-esp/ems-esp uptime_sec = 70 s',
  ]);
});

test('what may be a value or a command is set aside', () =>
  expect(understand('ems-esp/boiler/wwseltemp', '55')).toEqual(['aside']));

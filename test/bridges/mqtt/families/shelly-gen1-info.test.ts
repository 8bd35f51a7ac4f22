import { expect, test } from 'vitest';
import { understand } from './decode.ts';

test('a device says all of itself at once: meters in watt-minutes, temperatures in what stands beside them', () =>
  expect(
    understand('shellies/shelly1pm-7/info', {
      wifi_sta: { connected: true, ssid: 'x', rssi: -60 },
      relays: [{ ison: true, has_timer: false }],
      meters: [{ power: 12.5, is_valid: true, timestamp: 1, counters: [3], total: 77 }],
      tmp: { value: 68, units: 'F', is_valid: true },
      unixtime: 1780315200,
      uptime: 100,
    }),
  ).toEqual([
    'shelly/shelly1pm-7 wifi_sta.connected = true',
    'shelly/shelly1pm-7 wifi_sta.rssi = -60 dB[mW]',
    'shelly/shelly1pm-7 relays.0.ison = true',
    'shelly/shelly1pm-7 meters.0.power = 12.5 W',
    'shelly/shelly1pm-7 meters.0.counters.0 = 3 W.min',
    'shelly/shelly1pm-7 meters.0.total = 77 W.min',
    'shelly/shelly1pm-7 tmp.value = 68 [degF]',
    'shelly/shelly1pm-7 uptime = 100 s',
  ]));

test('so does a radiator valve in its status', () =>
  expect(understand('shellies/shellytrv-7/status', { target_t: { value: 21, units: 'C' }, bat: 80 })).toEqual(
    ['shelly/shellytrv-7 target_t.value = 21 Cel', 'shelly/shellytrv-7 bat = 80 %'],
  ));

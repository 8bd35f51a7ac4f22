import { describe, expect, test } from 'vitest';
import { understand } from './decode.ts';

const topic = 'rtl_433/attic/events';

describe('rtl_433', () => {
  test('a message is of the sender that its model, id and channel name', () => {
    const payload = {
      time: '2026-05-01 12:00:00',
      model: 'Acme-TH',
      id: 7,
      channel: 2,
      battery_ok: 1,
      temperature_C: 4.5,
      humidity: 80,
      mic: 'CRC',
    };
    expect(understand(topic, payload, { zone: 'Europe/Berlin' })).toEqual([
      'rtl_433/Acme-TH-7-2 battery_ok = 1 @2026-05-01T10:00:00.000Z',
      'rtl_433/Acme-TH-7-2 temperature_C = 4.5 Cel @2026-05-01T10:00:00.000Z',
      'rtl_433/Acme-TH-7-2 humidity = 80 % @2026-05-01T10:00:00.000Z',
    ]);
  });
  test('the unit is the end of the name', () => {
    expect(
      understand(topic, {
        model: 'W',
        id: 1,
        wind_avg_km_h: 5,
        rain_mm: 1.5,
        wind_dir_deg: 90,
        pressure_kPa: 230,
      }),
    ).toEqual([
      'rtl_433/W-1 wind_avg_km_h = 5 km/h',
      'rtl_433/W-1 rain_mm = 1.5 mm',
      'rtl_433/W-1 wind_dir_deg = 90 deg',
      'rtl_433/W-1 pressure_kPa = 230 kPa',
    ]);
  });
  test('a time that counts from the start of a recording is none', () => {
    expect(understand(topic, { time: '@0.25s', model: 'W', id: 1, temperature_C: 1 })).toEqual([
      'rtl_433/W-1 temperature_C = 1 Cel ~uncertain',
    ]);
  });
  test('old versions call their battery OK', () => {
    expect(understand(topic, { model: 'W', id: 1, battery: 'LOW', temperature_C: 1 })).toContain(
      'rtl_433/W-1 battery_ok = 0',
    );
  });
  test('a remote control sends an event', () => {
    expect(understand(topic, { model: 'Remote', id: 9, button: 3 })).toContain(
      'rtl_433/Remote-9 ! received {"button":3}',
    );
  });
  test('the same object elsewhere is nobody’s', () => {
    expect(understand('radio/events', { model: 'W', id: 1, temperature_C: 1 })).toEqual(['unknown']);
  });
});

test('the receiver says whether it is there', () => {
  expect(understand('rtl_433/pi/availability', 'offline')).toEqual(['rtl_433/pi is offline']);
  expect(understand('rtl_433/pi/availability', 'maybe')).toEqual(['unknown']);
});

test('the longest end of a name is its unit', () => {
  const dust = {
    time: '2026-06-01 12:00:00',
    model: 'Fineoffset-WH0290',
    id: 1,
    pm2_5_ug_m3: 12,
    consumed_m3: 3,
  };
  expect(understand('rtl_433/pi/events', dust, { zone: 'UTC' })).toEqual([
    'rtl_433/Fineoffset-WH0290-1 pm2_5_ug_m3 = 12 ug/m3 @2026-06-01T12:00:00.000Z',
    'rtl_433/Fineoffset-WH0290-1 consumed_m3 = 3 m3 @2026-06-01T12:00:00.000Z',
  ]);
});

test('a gateway with a radio chip measures the power of what it hears', () => {
  const heard = { model: 'Acurite-Tower', id: 896, channel: 'A', protocol: 'Acurite 592TXR', rssi: -70 };
  expect(understand('home/OMG/RTL_433toMQTT/Acurite-Tower/A/896', heard)).toEqual([
    'rtl_433/Acurite-Tower-896-A rssi = -70 dB[mW]',
  ]);
});

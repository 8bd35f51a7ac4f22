import { describe, expect, test } from 'vitest';
import { understand } from './decode.ts';

describe('rtl_433 with a topic per field', () => {
  test('the sender is what stands before the field', () =>
    expect(understand('radio/rtl_433/Acme-TH/77/temperature_C', '4.500000')).toEqual([
      'rtl_433/Acme-TH-77 temperature_C = 4.5 Cel',
    ]));
  test('in the default form it is the same sender as in whole messages', () => {
    expect(understand('rtl_433/pi/devices/Acme-TH/1/77/humidity', '40')).toEqual([
      'rtl_433/Acme-TH-77-1 humidity = 40 %',
    ]);
    expect(
      understand('rtl_433/pi/events', { model: 'Acme-TH', id: 77, channel: 1, humidity: 40, mic: 'CRC' }),
    ).toEqual(['rtl_433/Acme-TH-77-1 humidity = 40 %']);
  });
  test('a value without a unit', () =>
    expect(understand('rtl_433/pi/devices/Acme-TH/77/battery_ok', '1')).toEqual([
      'rtl_433/Acme-TH-77 battery_ok = 1',
    ]));
  test('what the sender is is set aside', () => {
    for (const field of ['id', 'model', 'time', 'mic'])
      expect(understand(`rtl_433/pi/devices/Acme-TH/77/${field}`, '77')).toEqual(['aside']);
  });
  test('a field that nobody knows is nobody’s', () =>
    expect(understand('rtl_433/pi/devices/Acme-TH/77/garage', '1')).toEqual(['unknown']));
});

test('a channel may be a letter', () => {
  expect(understand('rtl_433/pi/devices/Acurite-Tower/A/896/temperature_C', '21.4')).toEqual([
    'rtl_433/Acurite-Tower-896-A temperature_C = 21.4 Cel',
  ]);
});

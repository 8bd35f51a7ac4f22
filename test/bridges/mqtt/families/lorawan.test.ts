import { expect, test } from 'vitest';
import { codecUnit, isLorawanSentinel, strongest } from '../../../../bridges/mqtt/families/lorawan.ts';

test('the gateway that hears best tells what the radio is like', () => {
  expect(strongest([{ rssi: -90, snr: 1 }, { rssi: -50 }, { snr: 9 }, 'x'])).toEqual({ rssi: -50 });
  expect(strongest(undefined)).toEqual({});
});

test('a codec’s name tells the unit only where it can mean nothing else', () => {
  const units = ['BAT_V', 'ACI1_mA', 'TempC_SHT', 'relative_humidity_3', 'temperature', 'V'].map((name) =>
    codecUnit(['object', name]),
  );
  expect(units).toEqual(['V', 'mA', 'Cel', '%', undefined, undefined]);
});

test('the largest number of 16 bits is no temperature', () => {
  expect(isLorawanSentinel([], 327.67)).toBe(true);
  expect(isLorawanSentinel([], 32.767)).toBe(false);
});

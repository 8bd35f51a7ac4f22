import { expect, test } from 'vitest';
import { unitText } from '../../../dashboards/format/unit.ts';

test('UCUM units are written as people write them; unknown ones stay as they are', () => {
  expect(
    ['Cel', 'kW.h', 'dB[mW]', '%', 'W', 'furlong', '1', undefined].map((unit) => unitText(unit)),
  ).toEqual(['°C', 'kWh', 'dBm', '%', 'W', 'furlong', '', '']);
});

test('a unit that is no unit is cut', () => {
  expect(unitText('<img src=x onerror=alert(1)>')).toBe('<img src=x oner…');
});

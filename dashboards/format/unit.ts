/** UCUM units as people write them. Pure. */
import { plainText } from './text.ts';

/** No unit is longer; a device may still say anything. */
const unitChars = 16;

const written: Readonly<Record<string, string>> = {
  Cel: '°C',
  '[degF]': '°F',
  degF: '°F',
  'kW.h': 'kWh',
  'W.h': 'Wh',
  'V.A': 'VA',
  'dB[mW]': 'dBm',
  'dB(mW)': 'dBm',
  '[ppm]': 'ppm',
  '10*-6': 'ppm',
  'ug/m3': 'µg/m³',
  'mg/m3': 'mg/m³',
  'g/m3': 'g/m³',
  'L/min': 'l/min',
  m2: 'm²',
  m3: 'm³',
  'm3/h': 'm³/h',
  'W/m2': 'W/m²',
  deg: '°',
  ohm: 'Ω',
  Ohm: 'Ω',
  us: 'µs',
  uA: 'µA',
  '[pH]': 'pH',
  '/min': '1/min',
  '1': '',
  By: 'B',
  '%{RH}': '%',
};

export function unitText(unit: string | undefined): string {
  if (unit === undefined) return '';
  return written[unit] ?? plainText(unit, unitChars);
}

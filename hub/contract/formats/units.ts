/** Units as devices write them, translated to UCUM where that can be told. Pure data and one lookup. */

/** What is written the same in UCUM, separated by blanks. */
const alike = `
  % W kW MW mW V mV kV A mA Hz kHz MHz GHz K Cel Pa hPa kPa bar mbar lx lm cd m mm cm km m2 m3 l
  L ml mL g kg mg s ms min h d J kJ MJ N rad deg dB mol S F H T Wb m/s km/h m/s2 m3/s m3/h l/s
  l/min L/min bit/s W/m2 ug/m3 mg/m3 g/m3 Ohm S/m Bq Gy Sv kat C sr bit mm/h rad/s lm/W N.m kg/m3
`;

/** Everyday and SenML (RFC 8428 §12.1, RFC 8798) spellings that differ from UCUM. */
const spelledOtherwise: Readonly<Record<string, string>> = {
  '°C': 'Cel',
  '℃': 'Cel',
  degC: 'Cel',
  '°F': '[degF]',
  '℉': '[degF]',
  degF: '[degF]',
  '°': 'deg',
  lat: 'deg',
  lon: 'deg',
  '%RH': '%',
  '%EL': '%',
  '/': '1',
  count: '1',
  VA: 'V.A',
  kVA: 'kV.A',
  var: 'V.A{reactive}',
  kvar: 'kV.A{reactive}',
  Ah: 'A.h',
  mAh: 'mA.h',
  Wh: 'W.h',
  kWh: 'kW.h',
  MWh: 'MW.h',
  varh: 'V.A.h{reactive}',
  kvarh: 'kV.A.h{reactive}',
  VAh: 'V.A.h',
  'km/hr': 'km/h',
  kmh: 'km/h',
  mph: '[mi_i]/h',
  'm³': 'm3',
  'm²': 'm2',
  'm³/h': 'm3/h',
  'W/m²': 'W/m2',
  'µg/m³': 'ug/m3',
  'μg/m³': 'ug/m3',
  'mg/m³': 'mg/m3',
  ppm: '[ppm]',
  ppb: '[ppb]',
  pH: '[pH]',
  dBm: 'dB[mW]',
  dBW: 'dB[W]',
  Ω: 'Ohm',
  'beat/min': '/min',
  rpm: '/min',
};

const ucumOf: ReadonlyMap<string, string> = new Map([
  ...alike
    .trim()
    .split(/\s+/)
    .map((unit) => [unit, unit] as const),
  ...Object.entries(spelledOtherwise),
]);

/** Undefined when the text is no unit that we know. */
export function toUcum(text: string): string | undefined {
  return ucumOf.get(text);
}

/** What a nameless SenML value measures, told by its unit alone (RFC 8428 §12.1). */
const quantities: ReadonlyMap<string, string> = new Map([
  ['%RH', 'humidity'],
  ['Cel', 'temperature'],
  ['K', 'temperature'],
  ['lat', 'latitude'],
  ['lon', 'longitude'],
  ['%EL', 'battery'],
  ['V', 'voltage'],
  ['A', 'current'],
  ['W', 'power'],
  ['J', 'energy'],
  ['Pa', 'pressure'],
  ['lx', 'illuminance'],
  ['m/s', 'speed'],
  ['Hz', 'frequency'],
]);

export function quantityOf(senmlUnit: string): string | undefined {
  return quantities.get(senmlUnit);
}

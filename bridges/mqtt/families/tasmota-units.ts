/**
 * What Tasmota's values are measured in: by their names, and by the unit that stands beside them. Pure data.
 * https://tasmota.github.io/docs/JSON-Status-Responses/
 */

type Fields = Readonly<Record<string, unknown>>;

const byName: Readonly<Record<string, string>> = {
  Humidity: '%',
  Moisture: '%',
  Illuminance: 'lx',
  CarbonDioxide: '[ppm]',
  eCO2: '[ppm]',
  TVOC: '[ppb]',
  PM1: 'ug/m3',
  'PM2.5': 'ug/m3',
  PM10: 'ug/m3',
  Noise: 'dB',
  Vcc: 'V',
  UptimeSec: 's',
  Signal: 'dB[mW]',
  Battery: '%',
  BatteryPercentage: '%',
  Heap: 'kBy',
  Resistance: 'Ohm',
  Fertility: 'uS/cm',
  Latitude: 'deg',
  Longitude: 'deg',
};

const energy: Readonly<Record<string, string>> = {
  Total: 'kW.h',
  TotalTariff: 'kW.h',
  Yesterday: 'kW.h',
  Today: 'kW.h',
  ExportTotal: 'kW.h',
  ExportActive: 'kW.h',
  ImportActive: 'kW.h',
  Period: 'W.h',
  Power: 'W',
  ApparentPower: 'V.A',
  ReactivePower: 'V.A{reactive}',
  Factor: '1',
  Voltage: 'V',
  Current: 'A',
  Frequency: 'Hz',
};

const spelled: Readonly<Record<string, string>> = {
  C: 'Cel',
  F: '[degF]',
  K: 'K',
  hPa: 'hPa',
  mmHg: 'mm[Hg]',
  inHg: "[in_i'Hg]",
  'km/h': 'km/h',
  'm/s': 'm/s',
  mph: '[mi_i]/h',
  kn: '[kn_i]',
  kph: 'km/h',
};

/** Within a device behind a Zigbee gateway the units are those of Zigbee. */
const zigbee: Readonly<Record<string, string>> = {
  Temperature: 'Cel',
  Pressure: 'hPa',
  BatteryVoltage: 'V',
  RMSVoltage: 'V',
  ActivePower: 'W',
};

/** Sensors of current measure it all; other names are those of settings, too. */
const electric: Readonly<Record<string, string>> = { Voltage: 'V', Current: 'A', Power: 'W', Energy: 'kW.h' };
const electricSensor = /^(?:INA\d|CTEnergy)/;

/** Sensors that measure a distance, by the unit they measure it in. */
const distances: readonly (readonly [sensor: RegExp, unit: string])[] = [
  [/^SR04/, 'cm'],
  [/^VL53L/, 'mm'],
  [/^LD2410/, 'cm'],
  [/^TOF10120/, 'mm'],
  [/^DYP/, 'cm'],
];

/** @param fields the message: units stand at its top, and within the device behind a Zigbee gateway */
export function tasmotaUnit(path: readonly string[], _value: number, fields: Fields): string | undefined {
  // Phases and tariffs are arrays or `Phase1`: the name stands before them.
  const names = path.some(isPlace) ? path.filter((part) => !isPlace(part)) : path;
  const name = names.at(-1) ?? '';
  const sensor = names[0] ?? '';
  if (Object.hasOwn(zigbee, name) && 'LinkQuality' in fields) return zigbee[name];
  if (name === 'Temperature' || name === 'DewPoint' || name === 'HeatIndex')
    return beside(fields, 'TempUnit');
  if (name === 'Pressure' || name === 'SeaPressure') return beside(fields, 'PressureUnit');
  if (names.at(-2) === 'Speed') return beside(fields, 'SpeedUnit');
  if (names.at(-2) === 'Dir' && /^(?:Deg|Avg|Min|Max|Range)$/.test(name)) return 'deg';
  if (sensor === 'ENERGY') return of(energy, name);
  if (electricSensor.test(names.at(-2) ?? '')) return of(electric, name);
  // Several inputs of a kind are numbered.
  if (sensor === 'ANALOG') return analogUnit(name.replace(/\d$/, ''), fields);
  if (name === 'Distance') return distances.find(([pattern]) => pattern.test(sensor))?.[1];
  if (sensor.startsWith('Shutter') && (name === 'Position' || name === 'Target')) return '%';
  if (name === 'Voltage') return 'V';
  // Behind a Zigbee gateway the full brightness is 254.
  if (name === 'Dimmer') return 'LinkQuality' in fields ? undefined : '%';
  // Tasmota rates the Wi-Fi signal from 0 to 100; what a radio hears of others is in dBm.
  if (name === 'RSSI') return sensor === 'Wifi' || path.length === 1 ? '%' : 'dB[mW]';
  if (name === 'Altitude') return sensor === 'GPS' ? 'm' : undefined;
  if (name === 'PM2' || path.slice(-2).join('.') === 'PM2.5') return 'ug/m3';
  return of(byName, name);
}

function analogUnit(name: string, fields: Fields): string | undefined {
  return name === 'Temperature' ? beside(fields, 'TempUnit') : of(byName, name);
}

function isPlace(part: string): boolean {
  const code = part.charCodeAt(0);
  return ((code >= 48 && code <= 57) || part.startsWith('Phase')) && /^(?:\d+|Phase\d)$/.test(part);
}

function beside(fields: Fields, key: string): string | undefined {
  const unit = fields[key];
  return typeof unit === 'string' ? of(spelled, unit) : undefined;
}

/** Names come from devices: `constructor` is none of ours. */
function of(units: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(units, name) ? units[name] : undefined;
}

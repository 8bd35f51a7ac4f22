/**
 * rtl_433: one JSON object per radio message. The sender names its model, and an id and a channel where it has them.
 * https://github.com/merbanan/rtl_433/blob/master/docs/DATA_FORMAT.md
 */
import type { DeviceDescription } from '#contract/device.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import { presenceOf } from './presence.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The unit is the end of the name. */
const suffixes: readonly (readonly [suffix: string, unit: string])[] = [
  ['_km_h', 'km/h'],
  ['_kph', 'km/h'],
  ['_mph', '[mi_i]/h'],
  ['_mi_h', '[mi_i]/h'],
  ['_m_s', 'm/s'],
  ['_kPa', 'kPa'],
  ['_hPa', 'hPa'],
  ['_PSI', '[psi]'],
  ['_inHg', "[in_i'Hg]"],
  ['_mm_h', 'mm/h'],
  ['_in_h', '[in_i]/h'],
  ['_mm', 'mm'],
  ['_in', '[in_i]'],
  ['_cm', 'cm'],
  ['_m', 'm'],
  ['_kWh', 'kW.h'],
  ['_kW', 'kW'],
  ['_W', 'W'],
  ['_kVA', 'kV.A'],
  ['_mA', 'mA'],
  ['_kg', 'kg'],
  ['_km', 'km'],
  // Before what it ends with.
  ['_ug_m3', 'ug/m3'],
  ['_m3', 'm3'],
  ['_L', 'L'],
  ['_gal', '[gal_us]'],
  ['_Ah', 'A.h'],
  ['_mV', 'mV'],
  ['_V', 'V'],
  ['_A', 'A'],
  ['_lux', 'lx'],
  ['_klx', 'klx'],
  ['_dB', 'dB'],
  ['_deg', 'deg'],
  ['_ppm', '[ppm]'],
  ['_pct', '%'],
  ['_Hz', 'Hz'],
  ['_MHz', 'MHz'],
  ['_min', 'min'],
  ['_s', 's'],
  ['_C', 'Cel'],
  ['_F', '[degF]'],
];
const plainUnits: Readonly<Record<string, string>> = {
  humidity: '%',
  moisture: '%',
  lux: 'lx',
  rssi: 'dB',
  snr: 'dB',
  noise: 'dB',
  freq: 'MHz',
};
const gatewayTopic = 'RTL_433toMQTT';
/** What the sender is, and how its bits were checked. */
const notMeasured =
  /^(?:time|model|id|sensor_id|device|rid|channel|subtype|type|brand|mic|mod|protocol|num_rows|len|count|data|codes?|rows|raw|flags|sequence_num|message_type|msg|byte\d+|unknown\w*|rfi)$/;
const hasButton = /^(?:button|cmd|command|state|switch\d*|event|alarm|motion|tamper|opened|closed)$/;

export const rtl433: Family = {
  name: 'rtl_433',

  recognises({ levels, text, json }: FamilyMessage): boolean {
    if (isAvailability(levels)) return presenceOf(text) !== undefined;
    if (!isPlainObject(json) || typeof json['model'] !== 'string') return false;
    const isItsTopic = levels.includes('rtl_433') || levels.includes(gatewayTopic);
    return isItsTopic && ('time' in json || 'protocol' in json || 'mic' in json || 'id' in json);
  },

  decode({ levels, text, json, localTime }: FamilyMessage): FamilyOutcome {
    // What rtl_433 hears is dB below full scale; a gateway with a radio chip measures the power.
    const unit = levels.includes(gatewayTopic) ? gatewayUnit : rtl433Unit;
    if (isAvailability(levels)) return { reports: [{ device: levels[1] ?? '', presence: presenceOf(text) }] };
    const fields = json as Fields;
    const { model, id, sensor_id: sensorId, device: number, channel, time } = fields;
    // Old versions name the sender's id otherwise.
    const device = [model, id ?? sensorId ?? number, channel]
      .filter((part) => typeof part === 'string' || typeof part === 'number')
      .join('-');
    const exact = parseTime(time);
    const local = exact === undefined ? localTime.parse(time) : undefined;
    const timeUs = exact ?? local?.timeUs;
    // Text such as `@0.145080s` counts from the start of a recording.
    const isDoubtful = local === undefined ? exact === undefined && time !== undefined : !local.isCertain;
    const readings = readingsOf(fields, {
      timeUs,
      quality: isDoubtful ? 'uncertain' : undefined,
      skip: (path) => notMeasured.test(path[0] ?? ''),
      unit,
    }).map(asBattery);
    return {
      reports: [
        { device, readings, events: eventsOf(fields, readings, timeUs), description: describe(fields) },
      ],
    };
  },
};

/** Of the receiver itself. */
function isAvailability(levels: readonly string[]): boolean {
  return levels.length === 3 && levels[0] === 'rtl_433' && levels[2] === 'availability';
}

/** Many names end with their unit. */
export function rtl433Unit(path: readonly string[]): string | undefined {
  const name = path[0] ?? '';
  if (Object.hasOwn(plainUnits, name)) return plainUnits[name];
  // Several probes of one sender: `temperature_2_C`.
  return suffixes.find(([suffix]) => name.endsWith(suffix))?.[1];
}

function gatewayUnit(path: readonly string[]): string | undefined {
  return path[0] === 'rssi' ? 'dB[mW]' : rtl433Unit(path);
}

/** Does this field say what the sender is rather than what it measured? */
export function isRtl433Identity(field: string): boolean {
  return notMeasured.test(field);
}

/** Old versions say `"battery": "OK"` where new ones say `"battery_ok": 1`. */
function asBattery(reading: DecodedReading): DecodedReading {
  if (reading.metric !== 'battery' || typeof reading.value !== 'string') return reading;
  return { ...reading, metric: 'battery_ok', value: reading.value === 'OK' ? 1 : 0 };
}

/** A remote control or a contact sends because something happened. */
function eventsOf(
  fields: Fields,
  readings: readonly DecodedReading[],
  timeUs: number | undefined,
): FamilyEvent[] {
  const pressed = Object.entries(fields).filter(([key]) => hasButton.test(key));
  const measures = readings.some(({ metric }) => /temperature|humidity|pressure|rain|wind/.test(metric));
  if (pressed.length === 0 || measures) return [];
  return [{ name: 'received', timeUs, data: Object.fromEntries(pressed) as Record<string, string | number> }];
}

function describe({ model, brand }: Fields): DeviceDescription {
  return {
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof brand === 'string' ? { labels: { brand } } : {}),
  };
}

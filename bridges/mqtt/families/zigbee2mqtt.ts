/**
 * zigbee2mqtt: `<base>/<friendly name>` with one JSON object per device; the name may hold slashes and blanks.
 * https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
 */
import type { DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import { readingsOf } from './leaves.ts';
import { controlsOf, controlsOfState, metricsOf } from './zigbee2mqtt-exposes.ts';

type Fields = Readonly<Record<string, unknown>>;

const base = 'zigbee2mqtt';
const bridge = 'bridge';

const units: Readonly<Record<string, string>> = {
  temperature: 'Cel',
  device_temperature: 'Cel',
  cpu_temperature: 'Cel',
  local_temperature: 'Cel',
  external_temperature: 'Cel',
  soil_temperature: 'Cel',
  current_heating_setpoint: 'Cel',
  occupied_heating_setpoint: 'Cel',
  occupied_cooling_setpoint: 'Cel',
  unoccupied_heating_setpoint: 'Cel',
  local_temperature_calibration: 'Cel',
  humidity: '%',
  soil_moisture: '%',
  battery: '%',
  position: '%',
  valve_position: '%',
  pi_heating_demand: '%',
  pressure: 'hPa',
  illuminance_lux: 'lx',
  power: 'W',
  apparent_power: 'V.A',
  current: 'A',
  energy: 'kW.h',
  produced_energy: 'kW.h',
  ac_frequency: 'Hz',
  co2: '[ppm]',
  pm25: 'ug/m3',
  pm10: 'ug/m3',
  noise: 'dB',
  angle_x: 'deg',
  angle_y: 'deg',
  angle_z: 'deg',
};

/** Not values of the device: its time, what it is, its firmware, what is told as an event. */
const notMeasured = /^(?:last_seen|elapsed|device|update|update_available|action|action_.*|click)$/;

/** Attributes without a unit that nobody would take for the name of a device. */
const plainAttributes =
  /^(?:state|linkquality|brightness|color_temp|contact|occupancy|water_leak|battery_low|tamper|action|voltage|illuminance|last_seen)$/;

export const zigbee2mqtt: Family = {
  name: base,

  recognises({ levels, text }: FamilyMessage): boolean {
    if (levels[0] !== base || levels.length < 2 || levels[1] === '' || text === undefined) return false;
    return levels[1] !== bridge || levels.length > 2;
  },

  decode(message: FamilyMessage): FamilyOutcome {
    const { levels, text = '', json } = message;
    if (levels[1] === bridge) return decodeBridge(levels.slice(2).join('/'), text, json);
    if (isCommand(levels)) return { reports: [], aside: 'A command to a Zigbee device.' };
    if (levels.length > 2 && levels.at(-1) === 'availability')
      return { reports: [{ device: levels.slice(1, -1).join('/'), presence: decodePresence(text, json) }] };
    if (isAttribute(levels, json)) {
      const attribute = { [levels.at(-1) ?? '']: json ?? text };
      return { reports: [decodeDevice(levels.slice(1, -1).join('/'), attribute)] };
    }
    if (/^\s*\{/.test(text) && json === undefined)
      throw new FormatError('invalid-json', 'The payload is not a JSON object.');
    // Extensions and converters may publish anything below the base topic.
    if (!isPlainObject(json)) return { reports: [], aside: 'No state of a Zigbee device.' };
    return { reports: [decodeDevice(levels.slice(1).join('/'), json)] };
  },
};

/** `…/set`, `…/get`, and with one attribute behind. */
function isCommand(levels: readonly string[]): boolean {
  return (
    levels.length > 2 &&
    levels
      .slice(2)
      .some((level, index, rest) => (level === 'set' || level === 'get') && index >= rest.length - 2)
  );
}

/** With `output: attribute` each has a topic of its own behind the device; only known names are taken for one. */
function isAttribute(levels: readonly string[], json: unknown): boolean {
  const last = levels.at(-1) ?? '';
  const isKnown = Object.hasOwn(units, last) || plainAttributes.test(last);
  return levels.length > 2 && isKnown && (typeof json !== 'object' || json === null);
}

function decodePresence(text: string, json: unknown): 'online' | 'offline' {
  const word = String(isPlainObject(json) ? json['state'] : text).toLowerCase();
  if (word === 'online' || word === 'offline') return word;
  throw new FormatError('not-a-status', 'An availability is `online` or `offline`.');
}

function decodeDevice(device: string, fields: Fields): FamilyReport {
  const timeUs = parseTime(fields['last_seen']);
  const readings = readingsOf(fields, {
    timeUs,
    skip: ([first = '']) => notMeasured.test(first),
    unit: (path, value) => unitOf(path, value, fields),
  });
  const controls = controlsOfState(fields, setTopic(device));
  return {
    device,
    readings,
    events: eventsOf(fields, timeUs),
    ...(controls.length === 0 ? {} : { controls }),
  };
}

/** `voltage` is a battery's millivolts or the mains' volts; nothing lies in between. */
function unitOf(path: readonly string[], value: number, fields: Fields): string | undefined {
  const [first = ''] = path;
  // Several of a kind on one device: `temperature_l1`, `power_left`.
  const name = Object.hasOwn(units, first)
    ? first
    : first.replace(/_(?:l?\d{1,2}|left|right|center|top|bottom)$/, '');
  if (name === 'voltage') return value > 1000 ? 'mV' : 'battery' in fields && value > 20 ? undefined : 'V';
  if (path.length > 1) return undefined;
  return Object.hasOwn(units, name) ? units[name] : undefined;
}

/** A press is an event; some devices send an empty action behind it, which is none. */
function eventsOf(fields: Fields, timeUs: number | undefined): FamilyEvent[] {
  return (['action', 'click'] as const).flatMap((name) => {
    const action = fields[name];
    if (typeof action !== 'string' || action === '') return [];
    const details = Object.entries(fields).filter(([key]) => key.startsWith(`${name}_`));
    const data = { [name]: action, ...(Object.fromEntries(details) as Record<string, Json>) };
    return [{ name, timeUs, data }];
  });
}

function decodeBridge(topic: string, text: string, json: unknown): FamilyOutcome {
  if (topic === 'state') return { reports: [{ device: bridge, presence: decodePresence(text, json) }] };
  if (topic === 'devices' && Array.isArray(json)) return { reports: json.flatMap(describeDevice) };
  if (topic === 'info' && isPlainObject(json))
    return { reports: [{ device: bridge, description: describeBridge(json) }] };
  if (topic === 'event' && isPlainObject(json)) return { reports: [decodeBridgeEvent(json)] };
  if (topic === 'logging' || topic === 'log')
    return { reports: [{ device: bridge, events: [{ name: 'log', data: (json ?? text) as Json }] }] };
  if (topic.startsWith('response/')) {
    const data = { to: topic.slice('response/'.length), answer: (json ?? text) as Json };
    return { reports: [{ device: bridge, events: [{ name: 'response', data }] }] };
  }
  if (topic === 'health' && isPlainObject(json))
    return {
      reports: [
        {
          device: bridge,
          readings: readingsOf(json, { skip: ([first]) => first === 'devices', unit: healthUnit }),
        },
      ],
    };
  const aside = topic.startsWith('request/')
    ? 'A request to the zigbee2mqtt bridge.'
    : 'A message about the zigbee2mqtt bridge itself, not about a device.';
  return { reports: [], aside };
}

function healthUnit(path: readonly string[]): string | undefined {
  const name = path.at(-1) ?? '';
  if (name === 'uptime_sec') return 's';
  return name === 'memory_percent' ? '%' : name === 'memory_used_mb' ? 'MBy' : undefined;
}

function decodeBridgeEvent({ type, data }: Fields): FamilyReport {
  const name = typeof type === 'string' ? type : 'event';
  const device =
    isPlainObject(data) && typeof data['friendly_name'] === 'string' ? data['friendly_name'] : bridge;
  return { device, events: [{ name, data: (data ?? null) as Json }] };
}

function describeBridge({ version }: Fields): DeviceDescription {
  return { model: 'zigbee2mqtt', labels: typeof version === 'string' ? { version } : {} };
}

/** One entry of `bridge/devices`. */
function describeDevice(entry: unknown): FamilyReport[] {
  if (!isPlainObject(entry) || typeof entry['friendly_name'] !== 'string' || entry['type'] === 'Coordinator')
    return [];
  const definition = isPlainObject(entry['definition']) ? entry['definition'] : {};
  const { model, vendor, exposes } = definition;
  const device = entry['friendly_name'];
  const labels: Record<string, string> = {};
  if (typeof entry['ieee_address'] === 'string') labels['ieee'] = entry['ieee_address'];
  if (typeof vendor === 'string') labels['vendor'] = vendor;
  const description: DeviceDescription = {
    ...(typeof model === 'string' ? { model } : {}),
    labels,
    metrics: metricsOf(exposes, (property) => !notMeasured.test(property)),
  };
  return [{ device, description, controls: controlsOf(exposes, setTopic(device)) }];
}

function setTopic(device: string): string {
  return `${base}/${device}/set`;
}

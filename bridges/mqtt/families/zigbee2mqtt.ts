/**
 * zigbee2mqtt: `<base>/<friendly name>` with one JSON object per device; the name may hold slashes and blanks. What the
 * bridge tells of itself proves a base other than the default.
 * https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
 */
import type { DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import { KnownNames } from './known-names.ts';
import { readingsOf } from './leaves.ts';
import { inGroup, LearnedBases, type Based } from './learned-bases.ts';
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
  eco2: '[ppm]',
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
  /^(?:state|linkquality|brightness|color_temp|contact|occupancy|water_leak|battery_low|tamper|action|voltage|illuminance|last_seen|color-\w+)$/;

export const zigbee2mqtt: Family = {
  name: base,

  recognises({ levels, text, json, memory }: FamilyMessage): boolean {
    if (levels.length < 2 || text === undefined) return false;
    const place = memory.of(LearnedBases).split(base, base, levels);
    if (place === undefined) return isProof(levels, json);
    const [first = '', second] = place.rest;
    return first !== '' && (first !== bridge || second !== undefined);
  },

  decode(message: FamilyMessage): FamilyOutcome {
    const { levels, json, memory } = message;
    const bases = memory.of(LearnedBases);
    if (levels[0] !== base && isProof(levels, json)) bases.tell(base, levels.slice(0, -2).join('/'));
    const place = bases.split(base, base, levels);
    if (place === undefined) throw new FormatError('not-zigbee2mqtt', 'No topic of zigbee2mqtt.');
    return inGroup(decodeAt(place, message), place.group);
  },
};

function decodeAt({ base: at, rest }: Based, { text = '', json, memory }: FamilyMessage): FamilyOutcome {
  if (rest[0] === bridge) return decodeBridge(rest.slice(1).join('/'), at, { text, json });
  if (isCommand(rest)) return { reports: [], aside: 'A command to a Zigbee device.' };
  const owner = rest.slice(0, -1).join('/');
  if (rest.length > 1 && rest.at(-1) === 'availability')
    return { reports: [{ device: owner, presence: decodePresence(text, json) }] };
  const devices = memory.of(KnownNames);
  if (isAttribute(rest, json, devices.has(base, `${at}/${owner}`))) {
    devices.tell(base, `${at}/${owner}`);
    // Of an object each part has its own: `color-x`.
    const attribute = (rest.at(-1) ?? '').replace('color-', 'color.');
    return { reports: [decodeDevice(owner, { [attribute]: json ?? text }, at)] };
  }
  if (/^\s*\{/.test(text) && json === undefined)
    throw new FormatError('invalid-json', 'The payload is not a JSON object.');
  // Extensions and converters may publish anything below the base topic.
  if (!isPlainObject(json)) return { reports: [], aside: 'No state of a Zigbee device.' };
  devices.tell(base, `${at}/${rest.join('/')}`);
  return { reports: [decodeDevice(rest.join('/'), json, at)] };
}

/** `<base>/bridge/info` and `…/devices`, retained: their shape is zigbee2mqtt's alone. */
function isProof(levels: readonly string[], json: unknown): boolean {
  if (levels.at(-2) !== bridge || levels.length < 3) return false;
  const last = levels.at(-1);
  if (last === 'info')
    return isPlainObject(json) && isPlainObject(json['coordinator']) && isPlainObject(json['network']);
  return last === 'devices' && Array.isArray(json) && json.length > 0 && json.every(isEntry);
}

function isEntry(entry: unknown): boolean {
  return (
    isPlainObject(entry) &&
    typeof entry['ieee_address'] === 'string' &&
    typeof entry['friendly_name'] === 'string'
  );
}

/** `…/set`, `…/get`, and with one attribute behind. */
function isCommand(rest: readonly string[]): boolean {
  return [rest.at(-1), rest.at(-2)].some(
    (level, back) => (level === 'set' || level === 'get') && rest.length > back + 1,
  );
}

/** With `output: attribute` each has a topic of its own behind the device: a known name, or any behind a known device. */
function isAttribute(rest: readonly string[], json: unknown, isOfDevice: boolean): boolean {
  const last = rest.at(-1) ?? '';
  const isKnown = isOfDevice || Object.hasOwn(units, last) || plainAttributes.test(last);
  return rest.length > 1 && isKnown && (typeof json !== 'object' || json === null);
}

function decodePresence(text: string, json: unknown): 'online' | 'offline' {
  const word = String(isPlainObject(json) ? json['state'] : text).toLowerCase();
  if (word === 'online' || word === 'offline') return word;
  throw new FormatError('not-a-status', 'An availability is `online` or `offline`.');
}

function decodeDevice(device: string, fields: Fields, at: string): FamilyReport {
  const timeUs = parseTime(fields['last_seen']);
  const readings = readingsOf(fields, {
    timeUs,
    skip: ([first = '']) => notMeasured.test(first),
    unit: (path, value) => unitOf(path, value, fields),
    isSentinel,
  });
  const controls = controlsOfState(fields, setTopic(at, device));
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
  // Several of a kind on one device: `temperature_l1`, `power_left`, `current_phase_b`.
  const name = Object.hasOwn(units, first)
    ? first
    : first.replace(/_(?:l?\d{1,2}|left|right|center|top|bottom|(?:phase_)?[abc])$/, '');
  if (name === 'voltage') return value > 1000 ? 'mV' : 'battery' in fields && value > 20 ? undefined : 'V';
  if (path.length > 1) return undefined;
  // Limits and presets of thermostats; colours have `color_temp`.
  if (name.endsWith('_temperature')) return 'Cel';
  return Object.hasOwn(units, name) ? units[name] : undefined;
}

/** The largest numbers of the clusters stand for "no value": Zigbee Cluster Library, 4.4, 4.7 and 3.3. */
function isSentinel([name = '']: readonly string[], value: number): boolean {
  if (name.endsWith('temperature')) return value === -327.68 || value === 327.67;
  return name === 'humidity' ? value > 600 : name === 'battery' && value === 127.5;
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

function decodeBridge(
  topic: string,
  at: string,
  { text, json }: { readonly text: string; readonly json: unknown },
): FamilyOutcome {
  if (topic === 'state') return { reports: [{ device: bridge, presence: decodePresence(text, json) }] };
  if (topic === 'devices' && Array.isArray(json))
    return { reports: json.flatMap((entry: unknown) => describeDevice(entry, at)) };
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
          readings: readingsOf(json, {
            timeUs: parseTime(json['response_time']),
            skip: ([first]) => first === 'devices' || first === 'response_time',
            unit: healthUnit,
          }),
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
function describeDevice(entry: unknown, at: string): FamilyReport[] {
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
  return [{ device, description, controls: controlsOf(exposes, setTopic(at, device)) }];
}

function setTopic(at: string, device: string): string {
  return `${at}/${device}/set`;
}

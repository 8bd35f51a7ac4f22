/**
 * What each family's documentation says of its messages: whose they are, what is measured, in which unit, and when.
 * Written from the documentation named in the families, not from the decoders: it is what they are judged by.
 */
import { isPlainObject } from '#contract/formats/json.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Said {
  readonly topic: string;
  readonly levels: readonly string[];
  readonly json: Fields;
}

export interface Oracle {
  /** The names of families that may take these samples. */
  readonly by: readonly string[];
  /** Topics that are another family's, or that nobody can name. */
  readonly notTheirs?: RegExp;
  /** `topic path` of numbers that measure nothing, and why. */
  readonly notMeasured?: readonly (readonly [pattern: RegExp, why: string])[];
  /** The device's own name; several if the family has several. Undefined: it cannot be told from the message. */
  readonly device: (said: Said, path: readonly string[]) => string | readonly string[] | undefined;
  /** UCUM by the path of a value. What is not listed is not judged. */
  readonly units?: readonly (readonly [
    path: RegExp,
    unit: string | ((said: Said, value: number) => string),
  ])[];
  /** µs; undefined: the message has no time of its own. */
  readonly timeUs?: (said: Said) => number | undefined;
}

const iso = (text: unknown): number | undefined => {
  const ms = typeof text === 'string' ? Date.parse(text.replace(/(\.\d{3})\d+/, '$1')) : NaN;
  return Number.isNaN(ms) ? undefined : ms * 1000;
};
/** No zone is written, and none is set: UTC. */
const local = (text: unknown): number | undefined =>
  typeof text === 'string'
    ? iso(`${text.replace(' ', 'T')}${/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? '' : 'Z'}`)
    : undefined;
const seconds = (value: unknown): number | undefined =>
  typeof value === 'number' ? Math.round(value * 1e6) : undefined;
const milliseconds = (value: unknown): number | undefined =>
  typeof value === 'number' ? value * 1000 : undefined;
const objectAt = (fields: Fields, key: string): Fields => {
  const value = fields[key];
  return isPlainObject(value) ? value : {};
};
const hasNone = (): undefined => undefined;

export const oracles: Readonly<Record<string, Oracle>> = {
  chirpstack: {
    by: ['chirpstack'],
    notMeasured: [
      [/\/command\/down /, 'sent to the device'],
      [/\/event\/(?:join|ack|txack|log|integration) /, 'told as events'],
      [/ (?:rxInfo\.\d+\.(?:uplinkId|channel|rfChain|board|antenna)|txInfo)/, 'how it was sent'],
      [/ rxInfo\.\d+\.location\./, 'where the gateway stands'],
      [/ rxInfo\.[1-9]/, 'of gateways that heard less well'],
    ],
    device: ({ levels, json }) => [String(objectAt(json, 'deviceInfo')['deviceName']), levels[3] ?? ''],
    units: [
      [/rssi$/, 'dB[mW]'],
      [/snr$/, 'dB'],
      [/^batteryLevel$/, '%'],
    ],
    timeUs: ({ json }) => iso(json['time']),
  },
  collectd: {
    by: ['collectd'],
    device: ({ levels }) => levels[1],
    timeUs: ({ json }) => seconds(json['at']),
  },
  esphome: {
    by: ['esphome'],
    // It comes before anything that shows whose it is.
    notTheirs: /^livingroom\/status$/,
    device: ({ levels }) => levels.slice(0, -3).join('/'),
    timeUs: hasNone,
  },
  generic_single_value: {
    by: ['zigbee2mqtt', 'shelly'],
    notTheirs: /^(?:dht|sensor|hubitat)\//,
    device: ({ levels }) => levels[1],
    units: [
      // An H&T of generation 1 may be set to Fahrenheit: not judged.
      [/humidity$/, '%'],
      [/power$/, 'W'],
    ],
    timeUs: hasNone,
  },
  ha_discovery: {
    by: ['homeassistant', 'esphome'],
    notMeasured: [[/\/config /, 'describes a device']],
    device: hasNone,
    units: [
      [/^temperature$/, 'Cel'],
      [/^humidity$/, '%'],
    ],
    timeUs: hasNone,
  },
  homie5: {
    by: ['homie'],
    notMeasured: [[/\$(?:description|target)|\/set /, 'describes, or is wanted']],
    device: ({ levels }) => levels[2],
    timeUs: hasNone,
  },
  meshtastic: {
    by: ['meshtastic'],
    notMeasured: [
      [/ (?:id|channel|from|to|timestamp|payload\.(?:hardware|time))$/, 'who sent it to whom, and when'],
      [/ payload\.l\w+_i$/, 'degrees times 10^7: tested by the family'],
    ],
    device: hasNone,
  },
  owntracks: {
    by: ['owntracks'],
    notMeasured: [
      [/\/(?:event|waypoint|waypoints|step) /, 'told as events, or settings'],
      [/ (?:tst|created_at|_\w+)$/, 'when, and notes of the recorder'],
    ],
    // Of a user: `jane/phone`, written with a dot as ids are.
    device: ({ levels }) => levels.slice(1, 3).join('.'),
    units: [
      [/^(?:lat|lon|cog)$/, 'deg'],
      [/^(?:acc|alt|vac)$/, 'm'],
      [/^batt$/, '%'],
      [/^vel$/, 'km/h'],
    ],
    timeUs: ({ json }) => seconds(json['tst']),
  },
  rtl_433: {
    by: ['rtl_433'],
    notMeasured: [
      [/ (?:id|sensor_id|rid|device|channel|subtype|protocol)$|\/id $/, 'who sends'],
      [/ (?:sequence_num|message_type|byte\d+|flags|num_rows|len|count|code|data|rfi)$/, 'how it was sent'],
    ],
    device: hasNone,
    units: [
      [/temperature(?:_\d+)?_C$/, 'Cel'],
      [/temperature(?:_\d+)?_F$/, '[degF]'],
      [/humidity$/, '%'],
      [/_km_h$|_kph$/, 'km/h'],
      [/_m_s$/, 'm/s'],
      [/_mi_h$|_mph$/, '[mi_i]/h'],
      [/_dir_deg$/, 'deg'],
      [/_mm$/, 'mm'],
      [/_hPa$/, 'hPa'],
      [/_mV$/, 'mV'],
      [/_kPa$|_kpa$/, 'kPa'],
    ],
    timeUs: ({ json }) => local(json['time']),
  },
  shelly_gen2: {
    by: ['shelly'],
    notMeasured: [
      [/ (?:BTHome_version|pid)$/, 'how it was sent'],
      [/(?:[. ])(?:id|ts|minute_ts|unixtime|last_sync_ts|utc_offset|\w+_rev)$/, 'ids, clocks, revisions'],
      [/ (?:error|result)\./, 'answers to calls'],
      [/ params\.events\./, 'told as events'],
    ],
    device: ({ levels, json }) => {
      if (typeof json['address'] === 'string') return json['address'];
      const end = levels.findIndex((level) => level === 'events' || level === 'status' || level === 'rpc');
      return levels.slice(levels[0] === 'shellies' ? 1 : 0, end).join('/');
    },
    units: [
      [/apower$|_act_power$/, 'W'],
      [/voltage$|\.V$/, 'V'],
      [/current$/, 'A'],
      [/aenergy\.total$|_act(?:_ret)?_energy$/, 'W.h'],
      [/by_minute\.\d$/, 'mW.h'],
      [/tC$|^temperature$/, 'Cel'],
      [/tF$/, '[degF]'],
      [/rh$|^humidity$|percent$|^battery$/, '%'],
      [/rssi$/, 'dB[mW]'],
    ],
    timeUs: ({ json }) => seconds(objectAt(json, 'params')['ts']),
  },
  tasmota: {
    by: ['tasmota'],
    notMeasured: [
      [
        / (?:APDS9960|ZbState|ZbBind|ZbResponse|IrReceived|HdmiReceived|RfReceived|Mtr\w+|Modbus\w+|Ping)\./,
        'told as events',
      ],
      [
        / Zb(?:Received|Info)\.[^.]+\.(?:Endpoints?(?:\.\d+)?|LastSeen|LastSeenEpoch)$/,
        'about the radio link',
      ],
      [/ Epoch$|\.Epoch$/, 'when'],
      [/^tasmota\/discovery\/\w+\/config /, 'describes a device'],
      [/\/INFO[12] /, 'describes a device'],
    ],
    device: ({ levels, json }, path) => {
      if (levels[1] === 'discovery') return undefined;
      const [wrapper = '', key = ''] = path;
      const behind = objectAt(objectAt(json, wrapper), key);
      const name = behind['Name'];
      if (/^Zb(?:Received|Info)$/.test(wrapper)) return typeof name === 'string' ? name : key;
      const at = levels.findIndex((level) => level === 'tele' || level === 'stat');
      return levels.filter((_, index) => index !== at && index !== levels.length - 1).join('/');
    },
    units: [
      [/ENERGY\.(?:Total|Today|Yesterday)$/, 'kW.h'],
      [/ENERGY\.Power$/, 'W'],
      [/ENERGY\.Voltage$/, 'V'],
      [/ENERGY\.Current$/, 'A'],
      [/ENERGY\.Factor$/, '1'],
      [/(?:^|\.)Humidity$/, '%'],
      [/(?:^|\.)Illuminance$/, 'lx'],
      [/(?:^|\.)CarbonDioxide$/, '[ppm]'],
      [/UptimeSec$/, 's'],
      [/Wifi\.Signal$/, 'dB[mW]'],
    ],
    timeUs: ({ json }) => {
      const inner = ['StatusSNS', 'StatusSTS', 'sn']
        .map((key) => objectAt(json, key))
        .find(({ Time }) => Time !== undefined);
      const { Epoch: epoch, Time: time } = inner ?? json;
      return seconds(epoch) ?? local(time);
    },
  },
  theengs_openmqttgateway: {
    by: ['theengs'],
    notMeasured: [[/ (?:txpower|encr|packet|seq|mac_type)$/, 'how it was sent']],
    device: ({ levels, json }) => [levels.at(-1) ?? '', String(json['mac'] ?? json['id'])],
    units: [
      [/^tempc\d?$/, 'Cel'],
      [/^tempf\d?$/, '[degF]'],
      [/^hum$|^batt$|^moi$/, '%'],
      [/^rssi$/, 'dB[mW]'],
      [/^volt$/, 'V'],
      [/^lux$/, 'lx'],
    ],
    timeUs: hasNone,
  },
  thingsboard_device_api: {
    by: ['thingsboard'],
    notMeasured: [
      [/\.ts$| ts$/, 'when'],
      [/\/(?:attributes|attributes\/request\/\d+|rpc\/\w+\/\d+) |^v2\/a /, 'state, and talk with the server'],
    ],
    device: ({ levels }, [first = '']) => (levels[1] === 'gateway' ? first : 'sender'),
    timeUs: ({ json, levels }) => (levels[1] === 'gateway' ? undefined : milliseconds(json['ts'])),
  },
  wled: {
    by: ['wled'],
    device: ({ levels }) => [levels[1] ?? '', levels.slice(0, 2).join('/')],
    timeUs: hasNone,
  },
  zigbee2mqtt: {
    by: ['zigbee2mqtt'],
    notMeasured: [
      [/^zigbee2mqtt\/bridge\/(?!health)/, 'describes, answers and events of the bridge'],
      [/\/[sg]et /, 'sent to the device'],
      [/ update\./, 'about firmware'],
      [/ (?:device\.|elapsed$|last_seen$)/, 'when, and what the device is'],
      [/ action_/, 'told as events'],
    ],
    device: ({ levels }, path) =>
      levels.slice(1, path.join('.') === '' || levels[1] === 'bridge' ? -1 : undefined).join('/'),
    units: [
      [/^(?:device_)?temperature$/, 'Cel'],
      [/^(?:humidity|battery)$/, '%'],
      [/^pressure$/, 'hPa'],
      [/^power$/, 'W'],
      [/^current$/, 'A'],
      [/^energy$/, 'kW.h'],
      [/^illuminance_lux$/, 'lx'],
      [/^voltage$/, (_said, value) => (value > 1000 ? 'mV' : 'V')],
    ],
    timeUs: ({ json }) => iso(json['last_seen']) ?? milliseconds(json['last_seen']),
  },
};

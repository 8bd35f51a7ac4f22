/**
 * Shelly, generation 1: `shellies/<device>/…`, one plain value per topic; energy is counted in watt-minutes.
 * https://shelly-api-docs.shelly.cloud/gen1/#mqtt-support
 */
import type { DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import type { FamilyControl } from './control.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import { readInfo } from './shelly-gen1-info.ts';

const prefix = 'shellies';

/** What a plain value is: by the topic behind the device, with `#` for a channel's number. */
const units: Readonly<Record<string, string | undefined>> = {
  'relay/#': undefined,
  'relay/#/power': 'W',
  'relay/#/energy': 'W.min',
  'relay/power': 'W',
  'relay/energy': 'W.min',
  'relay/#/overpower_value': 'W',
  'input/#': undefined,
  'longpush/#': undefined,
  'roller/#': undefined,
  'roller/#/pos': '%',
  'roller/#/power': 'W',
  'roller/#/energy': 'W.min',
  'roller/#/stop_reason': undefined,
  'emeter_n/current': 'A',
  'emeter_n/ixsum': 'A',
  'emeter_n/mismatch': undefined,
  'emeter/#/power': 'W',
  'emeter/#/reactive_power': 'V.A{reactive}',
  'emeter/#/voltage': 'V',
  'emeter/#/current': 'A',
  'emeter/#/pf': '1',
  'emeter/#/total': 'W.h',
  'emeter/#/total_returned': 'W.h',
  'emeter/#/energy': 'W.min',
  'emeter/#/returned_energy': 'W.min',
  'light/#': undefined,
  'light/#/power': 'W',
  'light/#/energy': 'W.min',
  'color/#': undefined,
  'color/#/power': 'W',
  'color/#/energy': 'W.min',
  'white/#': undefined,
  'white/#/power': 'W',
  'white/#/energy': 'W.min',
  temperature: 'Cel',
  temperature_f: '[degF]',
  temperature_status: undefined,
  overtemperature: undefined,
  overload: undefined,
  loaderror: undefined,
  voltage: 'V',
  'voltage/#': 'V',
  'adc/#': 'V',
  'ext_temperature/#': 'Cel',
  'ext_temperature_f/#': '[degF]',
  'ext_humidity/#': '%',
  'ext_switch/#': undefined,
  'valve/#/state': undefined,
  totalworktime: 's',
  external_power: undefined,
  // Celsius or Fahrenheit, as the owner chose: nothing in the message says which.
  'sensor/temperature': undefined,
  'sensor/humidity': '%',
  'sensor/battery': '%',
  'sensor/lux': 'lx',
  'sensor/illumination': undefined,
  'sensor/state': undefined,
  'sensor/tilt': 'deg',
  'sensor/vibration': undefined,
  'sensor/motion': undefined,
  'sensor/flood': undefined,
  'sensor/smoke': undefined,
  'sensor/gas': undefined,
  'sensor/alarm_state': undefined,
  'sensor/self_test': undefined,
  'sensor/operation': undefined,
  'sensor/concentration': '[ppm]',
  'sensor/charger': undefined,
  'sensor/ext_power': undefined,
  'sensor/error': undefined,
};
const isCommand = /\/(?:command|set)(?:\/|$)|^command$/;
const event = /^(?:input_event|sensor\/act_reasons)/;
/** JSON about settings, firmware and network rather than values. */
const about = /^(?:announce|info|settings)$/;
/** All probes of an add-on as one object. */
const probes = /^ext_(?:temperatures|humidities|switches)$/;
const statusUnits: Readonly<Record<string, string>> = {
  power: 'W',
  brightness: '%',
  gain: '%',
  white: '',
  temp: 'K',
};

export const shellyGen1: Family = {
  name: 'shelly',

  recognises({ levels, text, json }: FamilyMessage): boolean {
    if (levels[0] !== prefix || text === undefined || levels.length < 2) return false;
    const rest = restOf(levels);
    if (levels.length === 2)
      return rest === '' && (levels[1] === 'command' || isAnnouncement(levels[1], json));
    if (isCommand.test(rest)) return true;
    if (rest === 'online') return /^(?:true|false)$/.test(text);
    if (
      about.test(rest) ||
      probes.test(rest) ||
      rest === 'status' ||
      /^(?:light|color|white)\/\d\/status$/.test(rest)
    )
      return isPlainObject(json);
    if (/^input_event\/\d$/.test(rest)) return isPlainObject(json) && typeof json['event'] === 'string';
    if (rest === 'sensor/act_reasons') return Array.isArray(json);
    return Object.hasOwn(units, patternOf(rest)) && !/^[{[]/.test(text);
  },

  decode({ levels, text = '', json }: FamilyMessage): FamilyOutcome {
    const rest = restOf(levels);
    if (levels[1] === 'command' || isCommand.test(rest))
      return { reports: [], aside: 'A command to a Shelly device.' };
    const fields = isPlainObject(json) ? json : {};
    if (levels.length === 2)
      return { reports: [{ device: String(fields['id']), description: describe(fields) }] };
    const device = levels[1] ?? '';
    if (rest === 'online') return { reports: [{ device, presence: text === 'true' ? 'online' : 'offline' }] };
    if (rest === 'status') return { reports: [{ device, readings: readInfo(fields) }] };
    if (rest === 'info')
      return { reports: [{ device, description: describe(fields), readings: readInfo(fields) }] };
    if (probes.test(rest)) return { reports: [{ device, readings: readInfo({ [rest]: fields }) }] };
    if (about.test(rest)) return { reports: [{ device, description: describe(fields) }] };
    if (event.test(rest)) {
      const isInput = rest.startsWith('input');
      const data = (isInput ? { input: Number(levels[3]), ...fields } : json) as Json;
      return { reports: [{ device, events: [{ name: isInput ? 'input_event' : 'wake-up', data }] }] };
    }
    const metric = rest.replaceAll('/', '.');
    if (isPlainObject(json)) return { reports: [{ device, readings: decodeStatus(metric, json) }] };
    const reading = decodeValue(metric, rest, text);
    const controls = controlsOf(reading, `${prefix}/${device}/${rest}`);
    return { reports: [{ device, readings: [reading], ...(controls.length === 0 ? {} : { controls }) }] };
  },
};

/** What stands behind the device. */
function restOf(levels: readonly string[]): string {
  return levels.slice(2).join('/');
}

function patternOf(rest: string): string {
  return rest.replace(/\/\d+(?=\/|$)/, '/#');
}

function isAnnouncement(level: string | undefined, json: unknown): boolean {
  return level === 'announce' && isPlainObject(json) && typeof json['id'] === 'string';
}

function decodeValue(metric: string, rest: string, text: string): DecodedReading {
  // `none` is how much gas there is.
  if (rest === 'sensor/gas') return { metric, value: text };
  const { value, quality } = decodeScalar(text);
  const unit = units[patternOf(rest)];
  // A meter that cannot be reached, a probe that is not there, a position or an angle that was never calibrated.
  const isMissing =
    (value === 999 && /temperature|humidity/.test(rest)) || (value === -1 && /tilt$|pos$/.test(rest));
  return {
    metric,
    value: isMissing ? null : value,
    quality: isMissing ? 'bad' : quality,
    ...(unit === undefined ? {} : { unit }),
  };
}

/** A relay or a light is told beside its state, a roller by its position. */
function controlsOf({ metric, value }: DecodedReading, topic: string): FamilyControl[] {
  if (/^(?:relay|light|color|white)\.\d$/.test(metric) && typeof value === 'boolean')
    return [
      {
        name: metric,
        metric,
        kind: 'switch',
        tell: (wanted) => ({ topic: `${topic}/command`, payload: wanted === true ? 'on' : 'off' }),
      },
    ];
  // Not calibrated, a roller does not know where it stands.
  if (!/^roller\.\d\.pos$/.test(metric) || typeof value !== 'number' || value < 0) return [];
  const range = { min: 0, max: 100, step: 1, unit: '%' } as const;
  const command = topic.replace(/pos$/, 'command/pos');
  return [
    {
      name: metric,
      metric,
      kind: 'slider',
      ...range,
      tell: (wanted) => ({ topic: command, payload: String(wanted) }),
    },
  ];
}

/** `light/0/status` and its kin repeat what the plain topics say, with brightness and colour. */
function decodeStatus(metric: string, fields: Readonly<Record<string, unknown>>): DecodedReading[] {
  return readingsOf(
    { [metric.replace(/\.status$/, '')]: fields },
    {
      skip: (path) => /^(?:source|has_timer|timer_\w+|mode)$/.test(path.at(-1) ?? ''),
      unit: (path) => statusUnits[path.at(-1) ?? ''] || undefined,
    },
  );
}

function describe({ model, mac, fw_ver: version }: Readonly<Record<string, unknown>>): DeviceDescription {
  const labels = {
    ...(typeof mac === 'string' ? { mac } : {}),
    ...(typeof version === 'string' ? { version } : {}),
  };
  return { ...(typeof model === 'string' ? { model } : {}), labels };
}

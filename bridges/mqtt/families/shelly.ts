/**
 * Shelly, generation 2 and later: RPC notifications on `<prefix>/events/rpc`, one component per `<prefix>/status/<key>`,
 * presence on `<prefix>/online`. The prefix can be anything; the device names itself in `src`.
 * https://shelly-api-docs.shelly.cloud/gen2/General/RPCProtocol  https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Mqtt
 */
import type { Json } from '#contract/event.ts';
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { FamilyAnswer } from '../meaning.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome } from './family.ts';
import { readingsOf } from './leaves.ts';
import { answerTopic, shellyControls } from './shelly-controls.ts';

type Fields = Readonly<Record<string, unknown>>;

const notification = /^Notify(?:Status|FullStatus|Event)$/;
const componentKey =
  /^(?:(?:switch|input|cover|light|rgb|rgbw|cct|temperature|humidity|voltmeter|devicepower|pm1|em|em1|emdata|em1data|smoke|illuminance|thermostat|flood|presence|boolean|number|text|enum|button|bthomedevice|bthomesensor):\d+|ble|cloud|mqtt|wifi|eth|ws|sys|ui|ht_ui)$/;

/** By the last part of the path; the same in every component. */
const units: Readonly<Record<string, string>> = {
  apower: 'W',
  aprtpower: 'V.A',
  voltage: 'V',
  current: 'A',
  freq: 'Hz',
  tC: 'Cel',
  tF: '[degF]',
  rh: '%',
  lux: 'lx',
  V: 'V',
  percent: '%',
  battery: '%',
  brightness: '%',
  current_pos: '%',
  rssi: 'dB[mW]',
  uptime: 's',
  ram_size: 'By',
  ram_free: 'By',
  ram_min_free: 'By',
  fs_size: 'By',
  fs_free: 'By',
  total_act_power: 'W',
  total_aprt_power: 'V.A',
  total_current: 'A',
};
/** Three-phase meters: `a_voltage`, `b_act_power`, `c_total_act_energy`. */
const phaseUnits: readonly (readonly [suffix: RegExp, unit: string])[] = [
  [/^[abcn]_(?:act_power)$/, 'W'],
  [/^[abcn]_(?:aprt_power)$/, 'V.A'],
  [/^[abcn]_voltage$/, 'V'],
  [/^[abcn]_current$/, 'A'],
  [/^[abcn]_freq$/, 'Hz'],
  [/(?:^|_)total_act(?:_ret)?_energy$/, 'W.h'],
  // Of all phases, in `emdata`.
  [/^total_act(?:_ret)?$/, 'W.h'],
];
/** Ids, clocks and what is pending: no measurements. */
const notMeasured =
  /^(?:id|minute_ts|unixtime|last_sync_ts|last_updated_ts|time|mac|available_updates|utc_offset|sta_ip6|.*_rev)$/;

export const shelly: Family = {
  name: 'shelly',

  recognises({ levels, text, json }: FamilyMessage): boolean {
    const last = levels.at(-1) ?? '';
    if (last === 'rpc' && levels.length >= 2 && isPlainObject(json)) return isRpc(json);
    if (levels.at(-2) === 'status' && levels.length >= 3)
      return componentKey.test(last) && isPlainObject(json);
    return (
      last === 'online' &&
      levels.length >= 2 &&
      /shell/i.test(levels[0] ?? '') &&
      /^(?:true|false)$/.test(text ?? '')
    );
  },

  decode({ levels, text, json }: FamilyMessage): FamilyOutcome {
    const last = levels.at(-1) ?? '';
    if (last === 'online') {
      return {
        reports: [
          { device: deviceOf(levels.slice(0, -1)), presence: text === 'true' ? 'online' : 'offline' },
        ],
      };
    }
    const fields = json as Fields;
    if (last !== 'rpc') {
      const prefix = levels.slice(0, -2);
      const components = { [last]: fields };
      const controls = shellyControls(components, prefix.join('/'));
      return {
        reports: [{ device: deviceOf(prefix), readings: componentsOf(components, undefined), controls }],
      };
    }
    if (!notification.test(String(fields['method'])))
      return {
        reports: [],
        answers: answersOf(levels, fields),
        aside: 'A call of a Shelly device, or the answer to one.',
      };
    return { reports: [decodeNotification(levels, fields)] };
  },
};

/** Many keep the prefix of generation 1: it is no part of the name, there as here. */
function deviceOf(prefix: readonly string[]): string {
  return prefix.slice(prefix[0] === 'shellies' && prefix.length > 1 ? 1 : 0).join('/');
}

function isRpc({ src, method, params, result, error }: Fields): boolean {
  if (typeof src !== 'string') return false;
  if (typeof method === 'string')
    return notification.test(method) ? isPlainObject(params) : /^[A-Z]\w+\.\w+$/.test(method);
  return src.startsWith('shelly') && (result !== undefined || error !== undefined);
}

/** To a call of ours. */
function answersOf(levels: readonly string[], { id, result, error }: Fields): FamilyAnswer[] {
  if (levels.join('/') !== answerTopic || typeof id !== 'string') return [];
  if (!isPlainObject(error))
    return [{ id, answer: { ok: true, state: 'succeeded', result: (result ?? null) as Json } }];
  const { code, message } = error;
  const why = typeof message === 'string' ? message : 'The device gave no reason.';
  return [{ id, answer: { ok: false, error: { code: `shelly-${String(code)}`, message: why } } }];
}

function decodeNotification(levels: readonly string[], { params }: Fields): FamilyOutcome['reports'][number] {
  // `<prefix>/events/rpc`: the prefix is what the other topics of the device have in common.
  const prefix = levels.slice(0, levels.at(-2) === 'events' ? -2 : -1);
  const { ts, events, ...components } = params as Fields;
  const timeUs = parseTime(ts);
  return {
    device: deviceOf(prefix),
    readings: componentsOf(components, timeUs),
    controls: shellyControls(components, prefix.join('/')),
    events: Array.isArray(events) ? events.flatMap((event: unknown) => eventOf(event, timeUs)) : [],
  };
}

function eventOf(event: unknown, timeUs: number | undefined): FamilyEvent[] {
  if (!isPlainObject(event) || typeof event['event'] !== 'string') return [];
  const { event: name, ts, ...data } = event;
  return [{ name, timeUs: parseTime(ts) ?? timeUs, data: data as Json }];
}

function componentsOf(components: Fields, timeUs: number | undefined): DecodedReading[] {
  return readingsOf(components, {
    timeUs,
    skip: (path) => path.some((part) => notMeasured.test(part)),
    unit: unitOf,
  });
}

function unitOf(path: readonly string[]): string | undefined {
  const name = path.at(-1) ?? '';
  // Energy is counted in watt hours; `by_minute` in thousandths of them.
  if (path.includes('aenergy') || path.includes('ret_aenergy'))
    return name === 'total' ? 'W.h' : path.includes('by_minute') ? 'mW.h' : undefined;
  if (Object.hasOwn(units, name)) return units[name];
  return phaseUnits.find(([suffix]) => suffix.test(name))?.[1];
}

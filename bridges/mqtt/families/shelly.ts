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
import { KnownNames } from './known-names.ts';
import { readingsOf } from './leaves.ts';
import { answerTopic, shellyControls } from './shelly-controls.ts';

type Fields = Readonly<Record<string, unknown>>;

const isShelly = /shell(?:y|ies)/i;
/** A prefix as it comes. */
const isOfShelly = /^shelly[a-z0-9]*-[0-9a-z]+$/i;
const familyName = 'shelly';
const notification = /^Notify(?:Status|FullStatus|Event)$/;
/** Others prove themselves by the id that they repeat. */
const componentKey =
  /^(?:switch|input|cover|light|rgb|rgbw|cct|temperature|humidity|voltmeter|devicepower|pm1|em|em1|emdata|em1data|smoke|illuminance|thermostat|flood|presence|boolean|number|text|enum|button|bthomedevice|bthomesensor):\d+$/;
/** There is one of each; others may have such a status, too. */
const singleKey = /^(?:ble|bthome|cloud|mqtt|wifi|eth|ws|sys|ui|ht_ui|matter|knx)$/;
const namespaces =
  /^(?:Shelly|Sys|WiFi|Wifi|Eth|BLE|BTHome\w*|BluTrv|Cloud|Mqtt|MQTT|WS|Ws|Script|Schedule|Webhook|KVS|HTTP|Switch|Light|Cover|Input|RGB|RGBW|CCT|EM|EM1|EMData|EM1Data|PM1|Temperature|Humidity|Voltmeter|DevicePower|Smoke|Flood|Illuminance|Thermostat|Boolean|Number|Text|Enum|Group|Button|Virtual|Matter|KNX|OTA|UI)\.[A-Z]\w+$/;

/** By the last part of the path; the same in every component. */
const units: Readonly<Record<string, string>> = {
  apower: 'W',
  act_power: 'W',
  aprtpower: 'V.A',
  aprt_power: 'V.A',
  target_C: 'Cel',
  current_C: 'Cel',
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
  pos: '%',
  rssi: 'dB[mW]',
  uptime: 's',
  wakeup_period: 's',
  timer_duration: 's',
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
  /^(?:id|minute_ts|timer_started_at|unixtime|last_sync_ts|last_updated_ts|time|mac|available_updates|utc_offset|sta_ip6|.*_rev)$/;

export const shelly: Family = {
  name: familyName,

  recognises({ levels, text, json, memory }: FamilyMessage): boolean {
    const last = levels.at(-1) ?? '';
    if (last === 'rpc' && levels.length >= 2 && isPlainObject(json)) return isRpc(json);
    if (levels.at(-2) === 'status' && levels.length >= 3)
      return (
        isComponent(last, json) || (isPlainObject(json) && singleKey.test(last) && isKnown(levels, memory))
      );
    if (isCommand(levels) || isLog(levels)) return text !== undefined;
    return (
      last === 'online' &&
      levels.length >= 2 &&
      isShelly.test(levels[0] ?? '') &&
      /^(?:true|false)$/.test(text ?? '')
    );
  },

  decode({ levels, text, json, memory }: FamilyMessage): FamilyOutcome {
    const last = levels.at(-1) ?? '';
    if (last === 'online') {
      return {
        reports: [
          { device: deviceOf(levels.slice(0, -1)), presence: text === 'true' ? 'online' : 'offline' },
        ],
      };
    }
    if (isCommand(levels)) return { reports: [], aside: 'A command to a Shelly device.' };
    if (isLog(levels))
      return {
        reports: [{ device: levels[0] ?? '', events: [{ name: 'log', data: { message: text ?? '' } }] }],
      };
    const fields = json as Fields;
    if (last !== 'rpc') {
      const prefix = levels.slice(0, -2);
      memory.of(KnownNames).tell(familyName, prefix.join('/'));
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

/** By its name, or by what it has said before. */
function isKnown(levels: readonly string[], memory: FamilyMessage['memory']): boolean {
  return (
    isShelly.test(levels[0] ?? '') || memory.of(KnownNames).has(familyName, levels.slice(0, -2).join('/'))
  );
}

function isComponent(key: string, json: unknown): boolean {
  if (!isPlainObject(json)) return false;
  if (componentKey.test(key)) return true;
  const [, id] = /^[a-z][a-z0-9_]*:(\d{1,4})$/.exec(key) ?? [];
  return id !== undefined && json['id'] === Number(id);
}

/** `<device>/debug/log`, where it is turned on. */
function isLog(levels: readonly string[]): boolean {
  return (
    isOfShelly.test(levels[0] ?? '') && levels.length === 3 && levels[1] === 'debug' && levels[2] === 'log'
  );
}

function isCommand(levels: readonly string[]): boolean {
  return isOfShelly.test(levels[0] ?? '') && levels[1] === 'command';
}

function isRpc({ src, method, params, result, error }: Fields): boolean {
  if (typeof src !== 'string') return false;
  if (typeof method === 'string')
    return notification.test(method) ? isPlainObject(params) : namespaces.test(method);
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
  const field = path.at(-1) ?? '';
  // Energy is counted in watt hours; `by_minute` in thousandths of them.
  if (path.includes('aenergy') || path.includes('ret_aenergy'))
    return field === 'total' ? 'W.h' : path.includes('by_minute') ? 'mW.h' : undefined;
  if (Object.hasOwn(units, field)) return units[field];
  return phaseUnits.find(([suffix]) => suffix.test(field))?.[1];
}

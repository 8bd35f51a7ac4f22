/**
 * Tasmota: telemetry on `tele`, answers and states on `stat`, commands on `cmnd`; FullTopic may put the prefix anywhere.
 * https://tasmota.github.io/docs/MQTT/  https://tasmota.github.io/docs/JSON-Status-Responses/
 */
import { FormatError, type DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import type { FamilyControl } from './control.ts';
import type { Family, FamilyEvent, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import { decodeLeaf, readingsOf } from './leaves.ts';
import { tasmotaControls } from './tasmota-controls.ts';
import { tasmotaUnit } from './tasmota-units.ts';

type Fields = Readonly<Record<string, unknown>>;
type Stamp = Pick<DecodedReading, 'timeUs' | 'quality'>;

interface TasmotaTopic {
  readonly prefix: 'tele' | 'stat' | 'cmnd' | 'discovery';
  readonly device: string;
  readonly suffix: string;
}

const prefixes: ReadonlySet<string> = new Set(['tele', 'stat', 'cmnd']);
const teleSuffix =
  /^(?:SENSOR|STATE|LWT|RESULT|INFO[1-3]|UPTIME|WAKEUP|MARGINS|ENERGY|HASS_STATE|ZbReceived)$/;
const statSuffix = /^(?:RESULT|POWER\d{0,2}|STATUS\d{0,2}|SHUTTER\d|STATE|UPGRADE|LOGGING|COMMAND)$/;
const shutterSuffix = /^SHUTTER(\d)$/;
/** `stat/…/PCF8574_INP`: sensors answer under their own names. */
const shoutedWord = /^[A-Z][A-Z0-9_]*$/;
const powerKey = /^POWER\d{0,2}$/;
/** `stat/…/BUTTON1 {"ACTION":"DOUBLE"}`, `stat/…/SWITCH1T {"TRIG":"SINGLE"}`: what somebody did. */
const pressSuffix = /^(?:BUTTON|SWITCH)\d{1,2}T?$/;
/** `Click` and commands such as `0006!02` come from remote controls behind a Zigbee gateway. */
const zigbeePress = /^(?:[Cc]lick|[Aa]ction|[0-9A-F]{4}![0-9A-F]{2})$/;
const zigbeeAddress = /^0x[0-9A-F]{4}$/i;
/** Keys of what happened rather than what is: each is an event. */
const eventKeys: ReadonlySet<string> = new Set(
  `IrReceived IrHvac RfReceived RfRaw HdmiReceived SerialReceived SSerialReceived TuyaReceived ModbusReceived MtrReceived
   MtrUpdate RC522 PN532 RDM6300 ZbState ZbResponse ZbBind ZbSend ZbPing Gesture APDS9960 RestartReason Ping Event
   PageMove`.split(/\s+/),
);
const eventOfButton = /^(?:Shutter)?Button\d+$/;
/** Where the values are, in answers to `Status 8`, `Status 10`, `Status 11`, and in native discovery. */
const wrappers = ['StatusSNS', 'StatusSTS', 'sn'] as const;
const notMeasured: ReadonlySet<string> = new Set([
  'Time',
  'Epoch',
  'TempUnit',
  'PressureUnit',
  'SpeedUnit',
  'VolumeUnit',
]);

export const tasmota: Family = {
  name: 'tasmota',

  recognises({ levels, text, json }: FamilyMessage): boolean {
    const topic = parseTasmotaTopic(levels);
    if (topic === undefined || text === undefined) return false;
    const { prefix, suffix } = topic;
    const isFirst = levels[0] === prefix;
    // Behind other levels the word `stat` may be anybody's; a state of Tasmota's tells its time.
    if (!isFirst && prefix === 'stat' && suffix === 'STATE') return isPlainObject(json) && 'Time' in json;
    if (prefix === 'discovery' || prefix === 'cmnd') return true;
    if (prefix === 'tele') return teleSuffix.test(suffix);
    return statSuffix.test(suffix) || (isFirst && shoutedWord.test(suffix) && isPlainObject(json));
  },

  decode(message: FamilyMessage): FamilyOutcome {
    const { levels, text = '', json } = message;
    const topic = parseTasmotaTopic(levels);
    if (topic === undefined) throw new FormatError('not-tasmota', 'No Tasmota topic.');
    const { prefix, device, suffix } = topic;
    if (prefix === 'cmnd') return { reports: [], aside: 'A command to a Tasmota device.' };
    if (prefix === 'discovery') return decodeDiscovery(device, suffix, message);
    if (suffix === 'LWT') return { reports: [{ device, presence: decodeLwt(text) }] };
    if (isPlainObject(json)) {
      const reports = decodeFields(device, suffix, json, message);
      // Not those behind a Zigbee gateway: they have other words.
      return {
        reports: reports.map((report) =>
          report.device === device ? { ...report, ...toldTo(report, levels, prefix) } : report,
        ),
      };
    }
    // `stat/…/POWER1` says ON; answers to some commands are plain words.
    if (prefix === 'stat' && /^[^{[]/.test(text)) {
      const [, shutter] = shutterSuffix.exec(suffix) ?? [];
      const readings =
        shutter === undefined
          ? [toReading(suffix, text)]
          : [{ ...toReading(`Shutter${shutter}.Position`, text), unit: '%' }];
      const report = { device, readings };
      return { reports: [{ ...report, ...toldTo(report, levels, prefix) }] };
    }
    throw new FormatError('invalid-json', 'The payload is not valid JSON.');
  },
};

function parseTasmotaTopic(levels: readonly string[]): TasmotaTopic | undefined {
  if (levels.length < 3) return undefined;
  const suffix = levels.at(-1) ?? '';
  if (levels[0] === 'tasmota' && levels[1] === 'discovery' && levels.length === 4)
    return /^[0-9A-F]{12}$/.test(levels[2] ?? '') && /^(?:config|sensors)$/.test(suffix)
      ? { prefix: 'discovery', device: levels[2] ?? '', suffix }
      : undefined;
  const at = levels.findIndex((level) => prefixes.has(level));
  if (at < 0 || at === levels.length - 1) return undefined;
  const prefix = levels[at];
  // Almost always the one level between.
  const device =
    levels.length === 3
      ? (levels[1 - at] ?? '')
      : levels.filter((_, index) => index !== at && index !== levels.length - 1).join('/');
  if (device === '' || suffix === '') return undefined;
  return { prefix: prefix as 'tele' | 'stat' | 'cmnd', device, suffix };
}

/** FullTopic as the device has it, with the prefix of commands: whatever stands around it stays. */
function toldTo(
  { readings = [] }: FamilyReport,
  levels: readonly string[],
  prefix: TasmotaTopic['prefix'],
): { controls?: readonly FamilyControl[] } {
  const at = levels.indexOf(prefix);
  const controls = tasmotaControls(readings, (command) =>
    [...levels.with(at, 'cmnd').slice(0, -1), command].join('/'),
  );
  return controls.length === 0 ? {} : { controls };
}

function decodeLwt(text: string): 'online' | 'offline' {
  if (text === 'Online') return 'online';
  if (text === 'Offline') return 'offline';
  throw new FormatError('not-a-status', 'A Tasmota will is `Online` or `Offline`.');
}

function decodeFields(device: string, suffix: string, json: Fields, message: FamilyMessage): FamilyReport[] {
  if (suffix === 'INFO1' || suffix === 'INFO2') return [{ device, description: describe(unwrapInfo(json)) }];
  const [, shutter] = shutterSuffix.exec(suffix) ?? [];
  const fields = shutter === undefined ? unwrap(json) : { [`Shutter${shutter}`]: json };
  const stamp = stampOf(fields, message);
  if (pressSuffix.test(suffix)) return [{ device, events: [{ name: suffix, data: fields as Json }] }];
  if (isOfZigbee(fields)) return decodeZigbee(fields, stamp);
  if (!('ZbReceived' in fields || 'ZbInfo' in fields))
    return [decodeOwn(device, unwrapInfo(fields), stamp) ?? { device }];
  const { ZbReceived: zigbee, ZbInfo: zigbeeInfo, ...rest } = fields;
  const reports = [zigbee, zigbeeInfo].flatMap((group) => decodeZigbee(group, stamp));
  const own = decodeOwn(device, unwrapInfo(rest), stamp);
  return own === undefined && reports.length > 0 ? reports : [own ?? { device }, ...reports];
}

/** Everything of the device itself: events by their keys, all other leaves as readings. */
function decodeOwn(device: string, fields: Fields, stamp: Stamp): FamilyReport | undefined {
  const events: FamilyEvent[] = [];
  for (const key of Object.keys(fields))
    if (eventKeys.has(key) || eventOfButton.test(key) || isPress(key, fields[key]))
      events.push({ name: key, timeUs: stamp.timeUs, data: fields[key] as Json });
  const happened = new Set(events.map(({ name }) => name));
  const readings = readingsOf(fields, {
    ...stamp,
    skip: (path) => notMeasured.has(path.at(-1) ?? '') || happened.has(path[0] ?? ''),
    unit: (path, value) => tasmotaUnit(path, value, fields),
    // A probe that has gone away.
    isSentinel: (path, value) => value === -127 && path.at(-1) === 'Temperature',
  }).map(asSwitch);
  return events.length === 0 && readings.length === 0 ? undefined : { device, events, readings };
}

/** A switch that only says `TOGGLE` has no state of its own: it was operated. */
function isPress(key: string, value: unknown): boolean {
  return zigbeePress.test(key) || (/^Switch\d{1,2}$/.test(key) && isPlainObject(value) && 'Action' in value);
}

/** Every device behind a Zigbee gateway is a device of its own, under its friendly name if it has one. */
function decodeZigbee(group: unknown, stamp: Stamp): FamilyReport[] {
  if (!isPlainObject(group)) return [];
  return Object.entries(group).flatMap(([key, value]) => {
    if (!isPlainObject(value)) return [];
    const {
      Device: address,
      Name: name,
      ModelId: model,
      IEEEAddr: ieee,
      Endpoint: _endpoint,
      Endpoints: _endpoints,
      Config: _config,
      LastSeen: _seen,
      LastSeenEpoch: _epoch,
      ...rest
    } = value;
    const labels = {
      ...(typeof address === 'string' ? { address } : {}),
      ...(typeof ieee === 'string' ? { ieee } : {}),
    };
    const description: DeviceDescription = {
      ...(typeof model === 'string' ? { model } : {}),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
    };
    const report = decodeOwn(typeof name === 'string' ? name : key, rest, stamp);
    return report === undefined
      ? []
      : [{ ...report, ...(Object.keys(description).length === 0 ? {} : { description }) }];
  });
}

/** With SetOption118 they stand at the top, under their addresses. */
function isOfZigbee(fields: Fields): boolean {
  const [first] = Object.keys(fields);
  return first !== undefined && zigbeeAddress.test(first) && isPlainObject(fields[first]);
}

function unwrap(json: Fields): Fields {
  for (const wrapper of wrappers) {
    const inner = json[wrapper];
    if (isPlainObject(inner)) return inner;
  }
  return json;
}

/** Since version 10 INFO messages stand under their own key. */
function unwrapInfo(json: Fields): Fields {
  for (const wrapper of ['Info1', 'Info2', 'Info3']) {
    const inner = json[wrapper];
    if (isPlainObject(inner)) return inner;
  }
  return json;
}

function describe(info: Fields): DeviceDescription {
  const labels: Record<string, string> = {};
  for (const [key, label] of [
    ['Version', 'version'],
    ['Hostname', 'hostname'],
    ['IPAddress', 'address'],
  ] as const) {
    const value = info[key];
    if (typeof value === 'string') labels[label] = value;
  }
  const module = info['Module'];
  return { ...(typeof module === 'string' ? { model: module } : {}), labels };
}

/** `Epoch` is exact; `Time` is local unless it says its zone. A time that cannot be read leaves its readings uncertain. */
function stampOf({ Time: time, Epoch: epoch }: Fields, { localTime }: FamilyMessage): Stamp {
  // By the command `Time` a device tells the epoch, or both.
  const told =
    typeof epoch === 'number' ? parseTime(epoch) : typeof time === 'number' ? parseTime(time) : undefined;
  if (told !== undefined) return { timeUs: told };
  if (time === undefined) return {};
  const local = localTime.parse(time);
  if (local?.isCertain === true) return { timeUs: local.timeUs };
  const exact = local === undefined && typeof time === 'string' ? parseTime(time) : undefined;
  return exact === undefined ? { timeUs: local?.timeUs, quality: 'uncertain' } : { timeUs: exact };
}

/** The values in `sensors` are those of the moment; whose they are is told by `config`, which comes first. */
function decodeDiscovery(mac: string, suffix: string, message: FamilyMessage): FamilyOutcome {
  const { json, discovered } = message;
  if (!isPlainObject(json)) throw new FormatError('invalid-json', 'The payload is not valid JSON.');
  if (suffix === 'sensors') {
    const known = discovered.device(mac);
    return known === undefined
      ? { reports: [], aside: 'The layout of the sensors of a device that has not told its topic.' }
      : { reports: decodeFields(known.device, suffix, json, message) };
  }
  const { t: device, dn: title, md: model, sw: version } = json;
  if (typeof device !== 'string') throw new FormatError('no-device', 'The discovery message names no topic.');
  discovered.tellDevice(mac, { group: 'tasmota', device });
  const description: DeviceDescription = {
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    labels: { mac, ...(typeof version === 'string' ? { version } : {}) },
  };
  return { reports: [{ device, description }] };
}

function toReading(metric: string, text: string): DecodedReading {
  const { value, quality } = decodeLeaf(text.trim()) ?? { value: text, quality: 'good' };
  return asSwitch({ metric, value, quality });
}

/** A relay is on or off, however it is written. */
function asSwitch(reading: DecodedReading): DecodedReading {
  if ((reading.value !== 1 && reading.value !== 0) || !powerKey.test(reading.metric)) return reading;
  return { ...reading, value: reading.value === 1 };
}

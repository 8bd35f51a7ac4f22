/**
 * collectd's MQTT plugin: `<prefix>/<host>/<plugin>[-<instance>]/<type>[-<instance>]`, PLAIN (`<epoch>:<v>[:<v>…]`) or JSON.
 * https://collectd.org/documentation/manpages/collectd.conf.5.shtml#plugin-mqtt
 * https://collectd.org/documentation/manpages/types.db.5.shtml (names of several values)
 */
import { FormatError, type DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';

const plain = /^(\d{9,10}(?:\.\d+)?)((?::[^:\s]+)+)$/;

/** types.db: what the values of a type are called, where there are several. */
const valueNames: Readonly<Record<string, readonly string[]>> = {
  load: ['shortterm', 'midterm', 'longterm'],
  disk_io_time: ['io_time', 'weighted_io_time'],
  ps_count: ['processes', 'threads'],
  ps_cputime: ['user', 'syst'],
  ps_pagefaults: ['minflt', 'majflt'],
  ps_disk_octets: ['read', 'write'],
  ps_disk_ops: ['read', 'write'],
  vmpage_faults: ['minflt', 'majflt'],
  vmpage_io: ['in', 'out'],
  df: ['used', 'free'],
  dns_octets: ['queries', 'responses'],
  io_octets: ['rx', 'tx'],
  io_packets: ['rx', 'tx'],
};

const units: Readonly<Record<string, string>> = {
  percent: '%',
  percent_bytes: '%',
  percent_inodes: '%',
  memory: 'By',
  swap: 'By',
  df_complex: 'By',
  bytes: 'By',
  ps_rss: 'By',
  ps_vm: 'By',
  ps_data: 'By',
  ps_code: 'By',
  ps_stacksize: 'By',
  temperature: 'Cel',
  voltage: 'V',
  current: 'A',
  power: 'W',
  frequency: 'Hz',
  cpufreq: 'Hz',
  uptime: 's',
  ping: 'ms',
  ping_stddev: 'ms',
  humidity: '%',
};

export const collectd: Family = {
  name: 'collectd',

  recognises({ levels, text, json }: FamilyMessage): boolean {
    // The prefix can be set, but only the default one is beyond doubt.
    if (levels[0] !== 'collectd' || levels.length < 4) return false;
    if (levels[1] === 'event') return text !== undefined;
    if (levels.length !== 4) return false;
    return (text !== undefined && plain.test(text.trim())) || isValueList(json);
  },

  decode(message: FamilyMessage): FamilyOutcome {
    const { levels, text = '', json } = message;
    if (levels[1] === 'event') return decodeNotification(message);
    const [, device = '', plugin = '', type = ''] = levels;
    const readings = isValueList(json)
      ? json.flatMap(decodeValueList)
      : decodePlain(plugin, type, text.trim());
    return { reports: [{ device, readings }] };
  },
};

function decodePlain(plugin: string, type: string, text: string): DecodedReading[] {
  const [time = '', ...values] = text.split(':');
  const timeUs = parseTime(time);
  const names = namesOf(typeOf(type), values.length);
  return values.map((value, index) =>
    toReading(`${plugin}.${type}`, names[index], typeOf(type), decodeScalar(value), timeUs),
  );
}

function toReading(
  base: string,
  name: string | undefined,
  type: string,
  { value, quality }: Pick<DecodedReading, 'value' | 'quality'>,
  timeUs: number | undefined,
): DecodedReading {
  const unit = units[type];
  return {
    metric: name === undefined ? base : `${base}.${name}`,
    value,
    quality,
    ...(timeUs === undefined ? {} : { timeUs }),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** The type without its instance: no type of types.db holds a hyphen. */
function typeOf(level: string): string {
  return level.split('-')[0] ?? level;
}

function namesOf(type: string, count: number): readonly (string | undefined)[] {
  if (count === 1) return [undefined];
  const known =
    valueNames[type] ??
    (type.startsWith('if_') ? ['rx', 'tx'] : type.startsWith('disk_') ? ['read', 'write'] : []);
  return known.length === count ? known : Array.from({ length: count }, (_, index) => String(index));
}

interface ValueList {
  readonly values: readonly unknown[];
  readonly dsnames?: readonly unknown[];
  readonly time: number;
  readonly plugin: string;
  readonly plugin_instance?: string;
  readonly type: string;
  readonly type_instance?: string;
}

function isValueList(json: unknown): json is readonly ValueList[] {
  return (
    Array.isArray(json) &&
    json.length > 0 &&
    json.every(
      (item) =>
        isPlainObject(item) &&
        Array.isArray(item['values']) &&
        typeof item['plugin'] === 'string' &&
        typeof item['type'] === 'string',
    )
  );
}

function decodeValueList(list: ValueList): DecodedReading[] {
  const base = `${withInstance(list.plugin, list.plugin_instance)}.${withInstance(list.type, list.type_instance)}`;
  const timeUs = parseTime(list.time);
  const isSingle = list.values.length === 1;
  return list.values.map((value, index) => {
    const name = isSingle ? undefined : nameOf(list.dsnames?.[index], index);
    return toReading(base, name, list.type, decodeScalar(String(value)), timeUs);
  });
}

function withInstance(name: string, instance: unknown): string {
  return typeof instance === 'string' && instance !== '' ? `${name}-${instance}` : name;
}

function nameOf(name: unknown, index: number): string {
  return typeof name === 'string' ? name : String(index);
}

/** `Name: value` lines, a blank line, the text. https://collectd.org/documentation/manpages/collectd-exec.5.shtml */
function decodeNotification({ levels, text = '' }: FamilyMessage): FamilyOutcome {
  const fields: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^([A-Za-z]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields[name.toLowerCase()] = value;
  }
  if (fields['severity'] === undefined)
    throw new FormatError('not-a-notification', 'A collectd notification has a severity.');
  const { time, ...data } = fields;
  const source = levels.slice(3).join('.');
  return {
    reports: [
      {
        device: levels[2] ?? '',
        events: [{ name: 'notification', timeUs: parseTime(time), data: { ...data, source } }],
      },
    ],
  };
}

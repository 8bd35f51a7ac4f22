/**
 * Homie 4 and 5: every property is a topic of its own; attributes begin with `$`.
 * https://homieiot.github.io/specification/spec-core-v4_0_0/  https://homieiot.github.io/specification/spec-core-v5_0_0/
 */
import { FormatError, type DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import type { Family, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import {
  describeAll,
  describeAttribute,
  HomieProperties,
  homieControls,
  type PropertyName,
} from './homie-properties.ts';
import { inGroup, LearnedBases, type Based } from './learned-bases.ts';

/** The first level, if nobody has chosen another. */
const domain = 'homie';
const states: ReadonlyMap<string, 'online' | 'offline'> = new Map([
  ['init', 'online'],
  ['ready', 'online'],
  ['alert', 'online'],
  // It said that it would be back: nothing is wrong with it.
  ['sleeping', 'online'],
  ['disconnected', 'offline'],
  ['lost', 'offline'],
]);
const id = /^\$?[a-z0-9][a-z0-9-]*$/;

export const homie: Family = {
  name: domain,

  recognises({ levels, text, json, memory }: FamilyMessage): boolean {
    if (text === undefined || levels.length < 3) return false;
    const place = memory.of(LearnedBases).split(domain, domain, levels);
    if (place === undefined) return isProof(levels, json, text);
    const rest = restOf(place.rest);
    return rest.length >= 2 && rest.length <= 5 && rest.every((level) => id.test(level));
  },

  decode(message: FamilyMessage): FamilyOutcome {
    const { levels, text = '', json, memory } = message;
    const bases = memory.of(LearnedBases);
    if (levels[0] !== domain && isProof(levels, json, text)) bases.tell(domain, baseOf(levels));
    const place = bases.split(domain, domain, levels);
    if (place === undefined) throw new FormatError('not-homie', 'No topic of Homie.');
    return inGroup(decodeAt(place, message), place.group);
  },
};

/** `<domain>/5/<device>/$description`, and `<base>/<device>/$homie` of the versions before: nothing else says its version so. */
function isProof(levels: readonly string[], json: unknown, text: string): boolean {
  const last = levels.at(-1);
  if (last === '$description')
    return levels.at(-3) === '5' && isPlainObject(json) && /^5\.\d+$/.test(String(json['homie']));
  return last === '$homie' && /^[34]\.\d+(?:\.\d+)?$/.test(text);
}

function baseOf(levels: readonly string[]): string {
  return levels.slice(0, levels.at(-1) === '$homie' ? -2 : -3).join('/');
}

function decodeAt({ base, rest }: Based, { text = '', json, memory }: FamilyMessage): FamilyOutcome {
  const [device = '', second = '', third, fourth] = restOf(rest);
  if (device === '$broadcast') return broadcast(restOf(rest).slice(1).join('/'), text);
  if (second === '$online')
    return { reports: [{ device, presence: text === 'true' ? 'online' : 'offline' }] };
  if (second === '$stats') return { reports: [{ device, readings: statistic(third, text) }] };
  if (second === '$fw') return { reports: [], aside: 'The firmware of a Homie device.' };
  if (second === '$state') return { reports: [{ device, presence: stateOf(text) }] };
  if (second === '$name') return { reports: [{ device, description: { title: text } }] };
  if (second === '$description')
    return { reports: [{ device, ...describeAll({ base, device }, json, memory.of(HomieProperties)) }] };
  if (second === '$alert' || second === '$log')
    return {
      reports: [{ device, events: [{ name: second.slice(1), data: { about: third ?? '', message: text } }] }],
    };
  if (fourth === 'set') return { reports: [], aside: 'A command to a Homie device.' };
  if (
    third === '$properties' ||
    fourth === '$unit' ||
    (third ?? '$').startsWith('$') ||
    fourth?.startsWith('$') === true
  )
    return describeAttribute(base, [device, second, third, fourth], {
      text,
      properties: memory.of(HomieProperties),
    });
  const properties = memory.of(HomieProperties);
  return { reports: [decodeValue({ base, device, node: second, property: third ?? '' }, text, properties)] };
}

/** What the device says of itself: Homie 4, extension `org.homie.legacy-stats`. */
const statistics: Readonly<Record<string, string>> = {
  uptime: 's',
  interval: 's',
  signal: '%',
  cputemp: 'Cel',
  cpuload: '%',
  battery: '%',
  freeheap: 'By',
  supply: 'V',
};

function statistic(name = '', text: string): DecodedReading[] {
  const { value, quality } = decodeScalar(text);
  const unit = Object.hasOwn(statistics, name) ? statistics[name] : undefined;
  return [{ metric: `stats.${name}`, value, quality, ...(unit === undefined ? {} : { unit }) }];
}

/** Version 5 has its number as a level of its own. */
function restOf(levels: readonly string[]): readonly string[] {
  return levels[0] === '5' ? levels.slice(1) : levels;
}

/** To all devices at once, from whoever noticed something. */
function broadcast(about: string, message: string): FamilyOutcome {
  return { reports: [{ device: 'broadcast', events: [{ name: 'broadcast', data: { about, message } }] }] };
}

function stateOf(text: string): 'online' | 'offline' {
  const presence = states.get(text);
  if (presence === undefined) throw new FormatError('not-a-state', 'That is no state of a Homie device.');
  return presence;
}

/** A property that is not retained tells what happened: Homie 4, Properties, `$retained`. */
function decodeValue(name: PropertyName, text: string, properties: HomieProperties): FamilyReport {
  const { device, node, property } = name;
  const metric = `${node}.${property}`;
  const known = properties.get(name);
  if (known?.retained === false) return { device, events: [{ name: metric, data: text }] };
  // `1` may be a text, and `true` the name of a mode.
  const isText = known?.datatype === 'string' || known?.datatype === 'enum';
  const { value, quality } = isText ? { value: text, quality: 'good' as const } : decodeScalar(text);
  const controls = homieControls(name, known);
  return {
    device,
    readings: [{ metric, value, quality }],
    ...(controls.length === 0 ? {} : { controls }),
  };
}

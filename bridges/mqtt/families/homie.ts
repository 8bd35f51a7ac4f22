/**
 * Homie 4 and 5: every property is a topic of its own; attributes begin with `$`.
 * https://homieiot.github.io/specification/spec-core-v4_0_0/  https://homieiot.github.io/specification/spec-core-v5_0_0/
 */
import { FormatError } from '#contract/formats/decoded.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import type { Family, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import {
  describeAll,
  describeAttribute,
  HomieProperties,
  homieControls,
  type PropertyName,
} from './homie-properties.ts';

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
  name: 'homie',

  recognises({ levels, text }: FamilyMessage): boolean {
    if (levels[0] !== 'homie' || text === undefined) return false;
    const rest = restOf(levels);
    return rest.length >= 2 && rest.length <= 5 && rest.every((level) => id.test(level));
  },

  decode({ levels, text = '', json, memory }: FamilyMessage): FamilyOutcome {
    const [device = '', second = '', third, fourth] = restOf(levels);
    if (device === '$broadcast') return broadcast(restOf(levels).slice(1).join('/'), text);
    if (second === '$state') return { reports: [{ device, presence: stateOf(text) }] };
    if (second === '$name') return { reports: [{ device, description: { title: text } }] };
    if (second === '$description')
      return { reports: [{ device, ...describeAll(device, json, memory.of(HomieProperties)) }] };
    if (second === '$alert' || second === '$log')
      return {
        reports: [
          { device, events: [{ name: second.slice(1), data: { about: third ?? '', message: text } }] },
        ],
      };
    if (fourth === 'set') return { reports: [], aside: 'A command to a Homie device.' };
    if (
      third === '$properties' ||
      fourth === '$unit' ||
      (third ?? '$').startsWith('$') ||
      fourth?.startsWith('$') === true
    )
      return describeAttribute([device, second, third, fourth], text, memory.of(HomieProperties));
    const properties = memory.of(HomieProperties);
    return { reports: [decodeValue({ device, node: second, property: third ?? '' }, text, properties)] };
  },
};

/** Version 5 has its number as a level of its own. */
function restOf(levels: readonly string[]): readonly string[] {
  return levels.slice(levels[1] === '5' ? 2 : 1);
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

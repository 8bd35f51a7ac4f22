/**
 * Homie 4 and 5: every property is a topic of its own; attributes begin with `$`.
 * https://homieiot.github.io/specification/spec-core-v4_0_0/  https://homieiot.github.io/specification/spec-core-v5_0_0/
 */
import type { DeviceDescription, MetricInfo } from '#contract/device.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import { toUcum } from '#contract/formats/units.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';

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

  decode({ levels, text = '', json }: FamilyMessage): FamilyOutcome {
    const [device = '', second = '', third, fourth] = restOf(levels);
    if (device === '$broadcast') return broadcast(restOf(levels).slice(1).join('/'), text);
    if (second === '$state') return { reports: [{ device, presence: stateOf(text) }] };
    if (second === '$name') return { reports: [{ device, description: { title: text } }] };
    if (second === '$description') return { reports: [{ device, description: describe(json) }] };
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
      return describeAttribute(device, second, third, fourth, text);
    const { value, quality } = decodeScalar(text);
    return { reports: [{ device, readings: [{ metric: `${second}.${third}`, value, quality }] }] };
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

/** Version 4 describes a property in attributes of its own: `$name`, `$unit`. */
function describeAttribute(
  device: string,
  node: string,
  property: string | undefined,
  attribute: string | undefined,
  text: string,
): FamilyOutcome {
  if (property === undefined || attribute === undefined || property.startsWith('$'))
    return { reports: [], aside: 'An attribute of a Homie device that says nothing about its values.' };
  const metric = `${node}.${property}`;
  const unit = attribute === '$unit' ? toUcum(text) : undefined;
  if (attribute === '$name')
    return { reports: [{ device, description: { metrics: [{ metric, title: text }] } }] };
  if (unit !== undefined) return { reports: [{ device, description: { metrics: [{ metric, unit }] } }] };
  return { reports: [], aside: 'An attribute of a Homie property that the hub does not use.' };
}

/** Version 5: one document with all nodes and properties. */
function describe(json: unknown): DeviceDescription {
  if (!isPlainObject(json)) throw new FormatError('invalid-json', 'A Homie description is a JSON object.');
  const nodes = isPlainObject(json['nodes']) ? json['nodes'] : {};
  const metrics = Object.entries(nodes).flatMap(([node, value]) => {
    const properties = isPlainObject(value) && isPlainObject(value['properties']) ? value['properties'] : {};
    return Object.entries(properties).map(([property, info]) => metricOf(`${node}.${property}`, info));
  });
  return { ...(typeof json['name'] === 'string' ? { title: json['name'] } : {}), metrics };
}

function metricOf(metric: string, info: unknown): MetricInfo {
  const { name, unit } = isPlainObject(info) ? info : {};
  const ucum = typeof unit === 'string' ? toUcum(unit) : undefined;
  return {
    metric,
    ...(typeof name === 'string' ? { title: name } : {}),
    ...(ucum === undefined ? {} : { unit: ucum }),
  };
}

/**
 * What zigbee2mqtt exposes of a device: its metrics with their units, and what can be set.
 * https://www.zigbee2mqtt.io/guide/usage/exposes.html: leaves have a property, groups have features.
 */
import type { MetricInfo } from '#contract/device.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { toUcum } from '#contract/formats/units.ts';
import type { FamilyControl } from './control.ts';
import { decodeLeaf } from './leaves.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Bits of `access`. */
const settable = 0b010;

export function metricsOf(exposes: unknown, isMetric: (property: string) => boolean): MetricInfo[] {
  return leavesOf(exposes).flatMap(({ property, unit, label }): MetricInfo[] => {
    if (typeof property !== 'string' || !isMetric(property)) return [];
    const ucum = typeof unit === 'string' ? toUcum(unit) : undefined;
    return [
      {
        metric: property,
        ...(ucum === undefined ? {} : { unit: ucum }),
        ...(typeof label === 'string' ? { title: label } : {}),
      },
    ];
  });
}

/** @param topic where the device takes `{ <property>: <value> }` */
export function controlsOf(exposes: unknown, topic: string): FamilyControl[] {
  return leavesOf(exposes).flatMap((leaf): FamilyControl[] => {
    const { type, property, label, unit, access } = leaf;
    if (typeof property !== 'string' || typeof access !== 'number' || (access & settable) === 0) return [];
    const common = {
      name: property,
      metric: property,
      ...(typeof label === 'string' ? { title: label } : {}),
    };
    if (type === 'binary') return binary(common, leaf, topic);
    const { value_min: min, value_max: max, value_step: step } = leaf;
    if (type !== 'numeric' || typeof min !== 'number' || typeof max !== 'number') return [];
    const ucum = typeof unit === 'string' ? toUcum(unit) : undefined;
    return [
      {
        ...common,
        kind: 'slider',
        min,
        max,
        ...(typeof step === 'number' && step > 0 ? { step } : {}),
        ...(ucum === undefined ? {} : { unit: ucum }),
        tell: (wanted) => ({ topic, payload: JSON.stringify({ [property]: wanted }) }),
      },
    ];
  });
}

/** Seen from its state alone: switches say ON and OFF, and what is dimmed has a brightness beside it. */
export function controlsOfState({ state, brightness }: Fields, topic: string): FamilyControl[] {
  if (state !== 'ON' && state !== 'OFF') return [];
  const access = settable;
  const exposes: Fields[] = [{ type: 'binary', property: 'state', access, value_on: 'ON', value_off: 'OFF' }];
  if (typeof brightness === 'number')
    exposes.push({
      type: 'numeric',
      property: 'brightness',
      access,
      value_min: 0,
      value_max: 254,
      value_step: 1,
    });
  return controlsOf(exposes, topic);
}

/** Only what reads as true and false can be shown as a switch: a lock says LOCK. */
function binary(
  common: Pick<FamilyControl, 'name' | 'metric' | 'title'>,
  { value_on: on, value_off: off }: Fields,
  topic: string,
): FamilyControl[] {
  if (decodeLeaf(on)?.value !== true || decodeLeaf(off)?.value !== false) return [];
  const payloadOf = (value: unknown): string => JSON.stringify({ [common.name]: value });
  return [
    {
      ...common,
      kind: 'switch',
      tell: (wanted) => ({ topic, payload: payloadOf(wanted === true ? on : off) }),
    },
  ];
}

function leavesOf(exposes: unknown): Fields[] {
  if (!Array.isArray(exposes)) return [];
  return exposes.flatMap((expose: unknown): Fields[] => {
    if (!isPlainObject(expose)) return [];
    // A composite is set as a whole, under its own property: its features are no properties of the device.
    if (expose['type'] === 'composite' || expose['type'] === 'list') return [];
    return expose['features'] === undefined ? [expose] : leavesOf(expose['features']);
  });
}

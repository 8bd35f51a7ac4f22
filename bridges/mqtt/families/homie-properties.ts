/**
 * What Homie devices tell of their properties: units, names, and what may be set. Version 4 says it in attributes, one
 * topic each; version 5 in one document.
 * https://homieiot.github.io/specification/spec-core-v4_0_0/#properties
 */
import type { DeviceDescription, MetricInfo } from '#contract/device.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { toUcum } from '#contract/formats/units.ts';
import { limits } from '#contract/limits.ts';
import type { FamilyControl } from './control.ts';
import type { FamilyOutcome, FamilyReport } from './family.ts';

export interface PropertyName {
  /** Where its topics begin. */
  readonly base: string;
  readonly device: string;
  readonly node: string;
  readonly property: string;
}

export interface HomieProperty {
  readonly version: 4 | 5;
  readonly datatype?: string | undefined;
  readonly format?: string | undefined;
  readonly settable?: boolean | undefined;
  readonly retained?: boolean | undefined;
}

/** Bounded: what was told longest ago is forgotten first. */
export class HomieProperties {
  readonly #known = new Map<string, HomieProperty>();

  get(name: PropertyName): HomieProperty | undefined {
    return this.#known.get(keyOf(name));
  }

  tell(name: PropertyName, told: HomieProperty): HomieProperty {
    const key = keyOf(name);
    const known = { ...this.#known.get(key), ...told };
    const [oldest] = this.#known.keys();
    if (!this.#known.has(key) && this.#known.size >= limits.devicesPerGroup && oldest !== undefined)
      this.#known.delete(oldest);
    this.#known.set(key, known);
    return known;
  }
}

function keyOf({ base, device, node, property }: PropertyName): string {
  return `${base}/${device}/${node}/${property}`;
}

/** Of version 4: `$unit`, `$name`, `$settable`, `$datatype`, `$format`, `$retained` of one property. */
export function describeAttribute(
  base: string,
  [device, node, property, attribute]: readonly [string, string, string | undefined, string | undefined],
  { text, properties }: { readonly text: string; readonly properties: HomieProperties },
): FamilyOutcome {
  if (property === undefined || attribute === undefined || property.startsWith('$'))
    return { reports: [], aside: 'An attribute of a Homie device that says nothing about its values.' };
  const metric = `${node}.${property}`;
  const unit = attribute === '$unit' ? toUcum(text) : undefined;
  if (attribute === '$name')
    return { reports: [{ device, description: { metrics: [{ metric, title: text }] } }] };
  if (unit !== undefined) return { reports: [{ device, description: { metrics: [{ metric, unit }] } }] };
  const told = attributeOf(attribute, text);
  if (told === undefined)
    return { reports: [], aside: 'An attribute of a Homie property that the hub does not use.' };
  const name = { base, device, node, property };
  const controls = homieControls(name, properties.tell(name, { version: 4, ...told }));
  return controls.length > 0
    ? { reports: [{ device, controls }] }
    : { reports: [], aside: 'An attribute of a Homie property; it is remembered.' };
}

/** Of version 5: one document with all nodes and properties. */
export function describeAll(
  { base, device }: Pick<PropertyName, 'base' | 'device'>,
  json: unknown,
  properties: HomieProperties,
): Pick<FamilyReport, 'description' | 'controls'> {
  if (!isPlainObject(json)) throw new FormatError('invalid-json', 'A Homie description is a JSON object.');
  const metrics: MetricInfo[] = [];
  const controls: FamilyControl[] = [];
  for (const [node, value] of entriesOf(json['nodes']))
    for (const [property, info] of entriesOf(isPlainObject(value) ? value['properties'] : undefined)) {
      const name = { base, device, node, property };
      metrics.push(metricOf(`${node}.${property}`, info));
      controls.push(...homieControls(name, properties.tell(name, { version: 5, ...propertyOf(info) })));
    }
  const description: DeviceDescription = {
    ...(typeof json['name'] === 'string' ? { title: json['name'] } : {}),
    metrics,
  };
  return { description, controls };
}

/** A settable boolean is a switch, a settable number with its range (`min:max`, `min:max:step`) a slider. */
export function homieControls(
  { base, device, node, property }: PropertyName,
  known: HomieProperty | undefined,
): FamilyControl[] {
  if (known?.settable !== true || known.retained === false) return [];
  const { version, datatype, format = '' } = known;
  const metric = `${node}.${property}`;
  const topic = [base, ...(version === 5 ? ['5'] : []), device, node, property, 'set'].join('/');
  const common = { name: metric, metric, tell: (wanted: unknown) => ({ topic, payload: String(wanted) }) };
  if (datatype === 'boolean') return [{ ...common, kind: 'switch' }];
  const [min = NaN, max = NaN, step] = format.split(':').map((part) => (part === '' ? NaN : Number(part)));
  if (!/^(?:integer|float)$/.test(datatype ?? '') || !(min < max)) return [];
  const width = step ?? (datatype === 'integer' ? 1 : undefined);
  return [
    { ...common, kind: 'slider', min, max, ...(width !== undefined && width > 0 ? { step: width } : {}) },
  ];
}

function attributeOf(attribute: string, text: string): Omit<HomieProperty, 'version'> | undefined {
  if (attribute === '$datatype') return { datatype: text };
  if (attribute === '$format') return { format: text };
  if (attribute === '$settable') return { settable: text === 'true' };
  return attribute === '$retained' ? { retained: text === 'true' } : undefined;
}

function propertyOf(info: unknown): Omit<HomieProperty, 'version'> {
  if (!isPlainObject(info)) return {};
  const { datatype, format, settable, retained } = info;
  return {
    datatype: typeof datatype === 'string' ? datatype : undefined,
    format: typeof format === 'string' ? format : undefined,
    settable: settable === true,
    retained: retained !== false,
  };
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

function entriesOf(value: unknown): [string, unknown][] {
  return isPlainObject(value) ? Object.entries(value) : [];
}

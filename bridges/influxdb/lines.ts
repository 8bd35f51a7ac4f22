/**
 * Readings as lines of InfluxDB: measurement = group, tags = device and the series' tags, field = metric. Everything in
 * front of the value is the same for all readings of a series, so it is made once.
 */
import { encodeFieldKey, encodeFieldValue, encodeSeries } from '#contract/formats/line-protocol-encode.ts';
import { tagsKey, type Reading, type Series, type Tags, type Value } from '#contract/reading.ts';
import type { Counters } from '#ports';
import { FieldTypes, type FieldKind } from './field-types.ts';

/** How a series is called in InfluxDB. */
export interface LineName {
  readonly measurement: string;
  readonly tags: Tags;
  readonly field: string;
}

interface Prefix {
  readonly name: LineName;
  /** `measurement,tag=value ` */
  readonly series: string;
  /** `,metric_quality="` */
  readonly quality: string;
  /** A kind's `measurement,tag=value field=`, and whether the field is not the metric's own. */
  readonly heads: Map<FieldKind, { readonly text: string; readonly isOther: boolean }>;
}

export interface LinesOptions {
  readonly counters: Counters;
  readonly types?: FieldTypes | undefined;
}

export class Lines {
  readonly #counters: Counters;
  readonly #types: FieldTypes;
  /** By group, device, and metric with its tags; bounded by the series of the hub. */
  readonly #prefixes = new Map<string, Map<string, Map<string, Prefix>>>();

  constructor({ counters, types = new FieldTypes() }: LinesOptions) {
    this.#counters = counters;
    this.#types = types;
  }

  /** One line each, in their order. */
  encode(readings: readonly Reading[]): string {
    let text = '';
    for (const reading of readings) text += `${this.#line(reading)}\n`;
    return text;
  }

  /** The database has this field with another type than was thought. @returns false if that was known */
  learn(measurement: string, field: string, type: string): boolean {
    if (!this.#types.learn(measurement, field, type)) return false;
    for (const ofDevice of this.#prefixes.values())
      for (const prefixes of ofDevice.values()) for (const prefix of prefixes.values()) prefix.heads.clear();
    return true;
  }

  #line(reading: Reading): string {
    const { value, quality, timeUs } = reading;
    const prefix = this.#prefixOf(reading);
    const form = formOf(value);
    if (form === undefined) return `${prefix.series} ${prefix.quality.slice(1)}${quality}" ${timeUs}`;
    const head = prefix.heads.get(form.kind) ?? this.#addHead(prefix, form.kind);
    if (head.isOther) this.#counters.count('influx.field', 'type-changed');
    const trust = quality === 'good' ? '' : `${prefix.quality}${quality}"`;
    return `${head.text}${form.text}${trust} ${timeUs}`;
  }

  #prefixOf(series: Series): Prefix {
    const { group, device, metric, tags } = series;
    const inGroup = entryOf(this.#prefixes, group, () => new Map<string, Map<string, Prefix>>());
    const ofDevice = entryOf(inGroup, device, () => new Map<string, Prefix>());
    const key = tags === undefined ? metric : `${metric} ${tagsKey(tags)}`;
    return entryOf(ofDevice, key, () => prefixOf(nameOf(series)));
  }

  #addHead(prefix: Prefix, kind: FieldKind): { readonly text: string; readonly isOther: boolean } {
    const { measurement, field } = prefix.name;
    const actual = this.#types.fieldFor(measurement, field, kind);
    const head = { text: `${prefix.series} ${encodeFieldKey(actual)}=`, isOther: actual !== field };
    prefix.heads.set(kind, head);
    return head;
  }
}

/** The tag `device` is the device's; a series' own tag of that name steps aside. */
export function nameOf({ group, device, metric, tags = {} }: Series): LineName {
  const { device: own, ...others } = tags;
  return {
    measurement: group,
    tags: { ...others, ...(own !== undefined && { tag_device: own }), device },
    field: metric,
  };
}

function prefixOf(name: LineName): Prefix {
  const { measurement, tags, field } = name;
  return {
    name,
    series: encodeSeries(measurement, tags),
    quality: `,${encodeFieldKey(`${field}_quality`)}="`,
    heads: new Map(),
  };
}

/** Undefined for no value: then only the quality is written. */
function formOf(value: Value): { readonly kind: FieldKind; readonly text: string } | undefined {
  if (value === null) return undefined;
  const text = encodeFieldValue(value);
  return text === undefined ? undefined : { kind: typeof value as FieldKind, text };
}

function entryOf<Key, Entry>(map: Map<Key, Entry>, key: Key, make: () => Entry): Entry {
  let entry = map.get(key);
  if (entry === undefined) {
    entry = make();
    map.set(key, entry);
  }
  return entry;
}

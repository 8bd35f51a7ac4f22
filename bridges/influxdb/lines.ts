/**
 * Readings as lines of InfluxDB, by the names of `names.ts`. What stands around the value is the same for all readings
 * of a series, so it is made once; neighbours of one series and instant share a line, as they did when they came as one.
 */
import { encodeFieldKey, encodeFieldValue, encodeSeries } from '#contract/formats/line-protocol-encode.ts';
import type { LineName, Value } from '#contract/reading.ts';
import type { Counters, FollowedReading, FollowedSeries } from '#ports';
import { FieldTypes, type FieldForm, type FieldKind } from './field-types.ts';
import { nameOf, ownNameOf } from './names.ts';

interface Head extends FieldForm {
  /** `field=` */
  readonly text: string;
  /** The value is not in the metric's own field. */
  readonly isOther: boolean;
}

interface Prefix {
  readonly name: LineName;
  /** `measurement,tag=value ` */
  readonly series: string;
  /** `metric_quality="` */
  readonly quality: string;
  readonly heads: Map<FieldKind, Head>;
  /** How much was learned when the heads were made. */
  learned: number;
  /** The number of the last line that it is in: a field is in a line once. */
  line: number;
}

export interface LinesOptions {
  readonly counters: Counters;
  /** The bucket that the lines are for. */
  readonly bucket: string;
  /** Has the database unsigned integers? 1.x has not. */
  readonly hasUnsigned?: (() => boolean) | undefined;
}

const largestInteger = 2n ** 63n - 1n;

export class Lines {
  readonly #options: LinesOptions;
  readonly #types = new FieldTypes();
  /** Of readings that came otherwise, and of those that came as line protocol. */
  readonly #ours = new WeakMap<FollowedSeries, Prefix>();
  readonly #theirs = new WeakMap<FollowedSeries, Prefix>();
  /** Counts what was learned. */
  #learned = 0;
  /** Counts lines. */
  #count = 0;

  constructor(options: LinesOptions) {
    this.#options = options;
  }

  /** In their order. */
  encode(readings: readonly FollowedReading[]): string {
    let text = '';
    let [series, time] = ['', Number.NaN];
    for (const reading of readings) {
      const prefix = this.#prefixOf(reading);
      const fields = this.#fieldsOf(reading, prefix);
      if (reading.timeUs === time && prefix.series === series && prefix.line !== this.#count)
        text += `,${fields}`;
      else {
        text += text === '' ? `${prefix.series}${fields}` : ` ${time}\n${prefix.series}${fields}`;
        [series, time] = [prefix.series, reading.timeUs];
        this.#count += 1;
      }
      prefix.line = this.#count;
    }
    return text === '' ? '' : `${text} ${time}\n`;
  }

  /** The database has this field with another type than was thought. @returns false if that was known */
  learn(measurement: string, field: string, type: string): boolean {
    if (!this.#types.learn(measurement, field, type)) return false;
    this.#learned += 1;
    return true;
  }

  /** `metric=1.5`, and its quality if it is not good. */
  #fieldsOf(reading: FollowedReading, prefix: Prefix): string {
    const { value, quality } = reading;
    const kind = this.#kindOf(reading, prefix.name);
    if (value === null || kind === undefined) return `${prefix.quality}${quality}"`;
    const head = prefix.heads.get(kind) ?? this.#addHead(prefix, kind);
    if (head.isOther) this.#options.counters.count('influx.field', 'type-changed');
    const field = head.text + textOf(value, head.kind);
    return quality === 'good' ? field : `${field},${prefix.quality}${quality}"`;
  }

  #prefixOf({ series, isLine }: FollowedReading): Prefix {
    const prefixes = isLine ? this.#theirs : this.#ours;
    let prefix = prefixes.get(series);
    if (prefix === undefined) {
      const isNamed = isLine && series.line !== undefined;
      prefix = prefixOf(isNamed ? ownNameOf(series, series.line, this.#options.bucket) : nameOf(series));
      prefixes.set(series, prefix);
    }
    if (prefix.learned !== this.#learned) {
      prefix.heads.clear();
      prefix.learned = this.#learned;
    }
    return prefix;
  }

  /** Undefined for no value: then only the quality is written. */
  #kindOf({ value, form }: FollowedReading, name: LineName): FieldKind | undefined {
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return undefined;
      if (form === undefined) return 'number';
      return form === 'unsigned' && this.#hasUnsigned ? 'unsigned' : 'integer';
    }
    if (typeof value !== 'string') return value === null ? undefined : 'boolean';
    return form === undefined ? 'string' : this.#kindOfDigits(value, form, name);
  }

  /** Digits that a double does not hold: exact where the database can have them, else a text. */
  #kindOfDigits(digits: string, form: 'integer' | 'unsigned', { measurement, field }: LineName): FieldKind {
    if (this.#types.kindOf(measurement, field) === 'number') return 'string';
    if (form === 'unsigned' && this.#hasUnsigned) return 'unsigned';
    return BigInt(digits) <= largestInteger ? 'integer' : 'string';
  }

  get #hasUnsigned(): boolean {
    return this.#options.hasUnsigned?.() ?? true;
  }

  #addHead(prefix: Prefix, kind: FieldKind): Head {
    const { measurement, field } = prefix.name;
    const form = this.#types.formFor(measurement, field, kind);
    const head = { ...form, text: `${encodeFieldKey(form.field)}=`, isOther: form.field !== field };
    prefix.heads.set(kind, head);
    return head;
  }
}

function prefixOf(name: LineName): Prefix {
  const { measurement, tags, field } = name;
  return {
    name,
    series: `${encodeSeries(measurement, tags)} `,
    quality: `${encodeFieldKey(`${field}_quality`)}="`,
    heads: new Map(),
    learned: 0,
    line: 0,
  };
}

function textOf(value: NonNullable<Value>, kind: FieldKind): string {
  if (kind === 'integer') return `${value}i`;
  return kind === 'unsigned' ? `${value}u` : (encodeFieldValue(value) ?? '');
}

/**
 * Metrics of Sparkplug B as readings: datatypes, quality, units. Pure.
 * Sparkplug 3.0, 6.4.16 (data types) and 6.4.10 (properties); `engUnit`, `readOnly` and their kin are Ignition's.
 */
import type { DecodedReading, Problem } from '#contract/formats/decoded.ts';
import { toUcum } from '#contract/formats/units.ts';
import type { Quality, Value } from '#contract/reading.ts';
import type { Long, SparkplugMetric, SparkplugValue } from '#contract/formats/sparkplug-payload.ts';

/** Sparkplug 3.0, 6.4.16, by number. */
export const DataType = {
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  uint32: 7,
  uint64: 8,
  float: 9,
  double: 10,
  boolean: 11,
  string: 12,
  dateTime: 13,
  uuid: 15,
} as const;

export interface MetricProperties {
  /** UCUM. */
  readonly unit?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Undefined: the birth does not say. */
  readonly readOnly?: boolean | undefined;
  readonly quality?: Quality | undefined;
}

export interface ReadMetrics {
  readonly readings: readonly DecodedReading[];
  readonly problems: readonly Problem[];
}

/** OPC qualities as Sparkplug 3.0 uses them in the property `Quality`. */
const qualities: ReadonlyMap<number, Quality> = new Map([
  [0, 'bad'],
  [192, 'good'],
  [500, 'stale'],
]);
const flat: ReadMetrics = { readings: [], problems: [] };
/** Levels of templates inside templates. */
const templateDepth = 8;

/**
 * One metric: a reading, several if it is a template, or a problem that says why not.
 * @param name of the metric; `/` parts folders as `.` does elsewhere
 * @param timeUs of the payload, for metrics without a time of their own
 */
export function readMetric(
  metric: SparkplugMetric,
  { name, datatype, timeUs }: { name: string; datatype: number; timeUs: number | undefined },
  depth = 0,
): ReadMetrics {
  const own = metric.timestamp === undefined ? timeUs : metric.timestamp.toNumber() * 1000;
  const { templateValue: template } = metric;
  if (template !== undefined) {
    // A definition is a type: it measures nothing.
    if (template.isDefinition === true) return flat;
    if (depth >= templateDepth) return refused(name, 'too-deep', 'A template nests too deep.');
    const parts = (template.metrics ?? []).map((part) =>
      readMetric(
        part,
        { name: `${name}/${part.name ?? ''}`, datatype: part.datatype ?? 0, timeUs: own },
        depth + 1,
      ),
    );
    return {
      readings: parts.flatMap(({ readings }) => readings),
      problems: parts.flatMap(({ problems }) => problems),
    };
  }
  if (metric.datasetValue !== undefined)
    return refused(name, 'data-set', 'A data set is a table, not a value of one metric.');
  if (metric.bytesValue !== undefined)
    return refused(name, 'bytes', 'Bytes, a file or an array are no value.');
  const { unit, quality } = propertiesOf(metric);
  const value = metric.isNull === true ? null : valueOf(metric, datatype);
  const common = { metric: name.replaceAll('/', '.'), ...(own === undefined ? {} : { timeUs: own }) };
  const described = unit === undefined ? {} : { unit };
  return { readings: [{ ...common, ...described, ...judged(value, quality) }], problems: [] };
}

export function propertiesOf({ properties }: SparkplugMetric): MetricProperties {
  const { keys = [], values = [] } = properties ?? {};
  if (keys.length === 0) return {};
  const all = new Map(keys.map((key, index) => [key, plainOf(values[index])]));
  const unit = all.get('engUnit') ?? all.get('unit') ?? all.get('units');
  const readOnly = all.get('readOnly');
  const quality = all.get('Quality');
  return {
    unit: typeof unit === 'string' ? toUcum(unit) : undefined,
    min: numberOf(all.get('engLow')),
    max: numberOf(all.get('engHigh')),
    readOnly: typeof readOnly === 'boolean' ? readOnly : undefined,
    quality: typeof quality === 'number' ? qualities.get(quality) : undefined,
  };
}

/** Undefined: there is none, although the metric does not say that it is null. */
function valueOf(metric: SparkplugValue, datatype: number): Value | undefined {
  const { intValue, longValue, floatValue, doubleValue, booleanValue, stringValue } = metric;
  if (intValue !== undefined) return signed(intValue, datatype);
  if (longValue !== undefined) return wide(longValue, datatype);
  if (floatValue !== undefined) return shortest(floatValue);
  return doubleValue ?? booleanValue ?? stringValue;
}

/** Small integers travel as 32 unsigned bits. */
function signed(value: number, datatype: number): number {
  if (datatype === DataType.int8) return (value << 24) >> 24;
  if (datatype === DataType.int16) return (value << 16) >> 16;
  return datatype === DataType.int32 ? value | 0 : value;
}

/** Digit for digit where a double would round. */
function wide(value: Long, datatype: number): number | string {
  const exact = datatype === DataType.int64 || datatype === DataType.int32 ? value.toSigned() : value;
  const number = exact.toNumber();
  if (datatype === DataType.dateTime && Math.abs(number) <= 8.64e15) return new Date(number).toISOString();
  return Number.isSafeInteger(number) ? number : exact.toString();
}

/** 12.3 in 32 bits is 12.300000190734863 in 64: the shortest digits that mean the same 32 bits. */
function shortest(value: number): number {
  for (let digits = 6; digits <= 9; digits += 1) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}

function judged(value: Value | undefined, told: Quality = 'good'): Pick<DecodedReading, 'value' | 'quality'> {
  if (value === undefined || value === null || (typeof value === 'number' && !Number.isFinite(value)))
    return { value: null, quality: 'bad' };
  if (told === 'bad') return { value: null, quality: 'bad' };
  const isBig = typeof value === 'string' && /^-?\d{16,}$/.test(value);
  return { value, quality: isBig && told === 'good' ? 'uncertain' : told };
}

function plainOf(value: SparkplugValue | undefined): Value | undefined {
  return value === undefined ? undefined : valueOf(value, 0);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function refused(name: string, code: string, message: string): ReadMetrics {
  return { readings: [], problems: [{ path: `/${name}`, code, message }] };
}

/**
 * Metrics of Sparkplug B as readings: datatypes, quality, units. Pure.
 * Sparkplug 3.0, 6.4.16 (data types) and 6.4.10 (properties); `engUnit`, `readOnly` and their kin are Ignition's.
 */
import type { DecodedReading, Problem } from '#contract/formats/decoded.ts';
import { toUcum } from '#contract/formats/units.ts';
import type { Quality, Value } from '#contract/reading.ts';
import type {
  Long,
  SparkplugMetric,
  SparkplugTable,
  SparkplugValue,
} from '#contract/formats/sparkplug-payload.ts';
import { readArray, shortestFloat } from './sparkplug-arrays.ts';

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
/** Of one array or data set: longer ones are recordings, not what is measured now. */
const mostCells = 256;

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
  const common = own === undefined ? {} : { timeUs: own };
  if (metric.datasetValue !== undefined) return readTable(metric.datasetValue, name, common);
  if (metric.bytesValue !== undefined) return readBytes(metric.bytesValue, { name, datatype }, common);
  const { unit, quality } = propertiesOf(metric);
  const value = metric.isNull === true ? null : valueOf(metric, datatype);
  const described = unit === undefined ? {} : { unit };
  const reading = { metric: dotted(name), ...common, ...described, ...judged(value, quality) };
  return { readings: [reading], problems: [] };
}

type Common = Pick<DecodedReading, 'timeUs'>;

/** Each element is a reading under its place. */
function readBytes(
  bytes: Uint8Array,
  { name, datatype }: { readonly name: string; readonly datatype: number },
  common: Common,
): ReadMetrics {
  const values = readArray(datatype, bytes);
  if (values === undefined) return refused(name, 'bytes', 'Bytes or a file, no array of values.');
  if (values.length > mostCells) return refused(name, 'too-long', `The array has over ${mostCells} values.`);
  const readings = values.map((value, index) => {
    return { metric: `${dotted(name)}.${index}`, ...common, ...judged(value) };
  });
  return { readings, problems: [] };
}

/** Each cell is a reading under its column; the row is named where there are several. */
function readTable(
  { columns = [], types = [], rows = [] }: SparkplugTable,
  name: string,
  common: Common,
): ReadMetrics {
  if (columns.length * rows.length > mostCells)
    return refused(name, 'too-long', `The data set has over ${mostCells} cells.`);
  const readings = rows.flatMap(({ elements = [] }, row) =>
    columns.map((column, index) => {
      const place = rows.length > 1 ? `${row}.${column}` : column;
      const value = valueOf(elements[index] ?? {}, types[index] ?? 0);
      return { metric: `${dotted(name)}.${place}`, ...common, ...judged(value) };
    }),
  );
  return { readings, problems: [] };
}

function dotted(name: string): string {
  return name.replaceAll('/', '.');
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
  if (floatValue !== undefined) return shortestFloat(floatValue);
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

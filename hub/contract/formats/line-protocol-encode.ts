/**
 * InfluxDB line protocol, written: timestamps in µs. Spec: docs.influxdata.com, "Line protocol"; tried on InfluxDB 1.6.
 * Pure.
 *
 * Line protocol has no form for some names: empty ones, those with a newline, with a backslash at the end (it would
 * escape the character behind it) or, as a measurement, with `#` at the beginning (a comment: answered with 204 and
 * lost). Such a name is changed as little as can be, rather than breaking its line or the next.
 */
import type { Tags } from '../reading.ts';

export type FieldValue = number | string | boolean;

export interface Point {
  readonly measurement: string;
  readonly tags?: Tags | undefined;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly timeUs: number;
}

/** @returns one line without its newline; undefined if no field has a form (numbers that are none) */
export function encodeLine({ measurement, tags, fields, timeUs }: Point): string | undefined {
  const pairs = Object.entries(fields).flatMap(([key, value]) => {
    const text = encodeFieldValue(value);
    return text === undefined ? [] : [`${encodeFieldKey(key)}=${text}`];
  });
  if (pairs.length === 0) return undefined;
  return `${encodeSeries(measurement, tags)} ${pairs.join(',')} ${Math.round(timeUs)}`;
}

/** Everything in front of the fields; the same for all readings of a series, so worth keeping. */
export function encodeSeries(measurement: string, tags: Tags = {}): string {
  const pairs = Object.keys(tags)
    .toSorted()
    // A tag without a value does not exist in InfluxDB.
    .filter((key) => tags[key] !== '')
    .map((key) => `,${encodeTag(key)}=${encodeTag(tags[key] ?? '')}`);
  return encodeMeasurement(measurement) + pairs.join('');
}

export function encodeFieldKey(text: string): string {
  return withoutEscapes(text).replaceAll(/[,= ]/g, String.raw`\$&`);
}

/** Numbers are floats: a field has one type for ever. Undefined for what has no form. */
export function encodeFieldValue(value: FieldValue): string | undefined {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function encodeMeasurement(text: string): string {
  const name = withoutEscapes(text).replaceAll(/[, ]/g, String.raw`\$&`);
  return name.startsWith('#') ? `_${name}` : name;
}

/** Keys and values alike. A backslash at the end gets a blank behind it. */
function encodeTag(text: string): string {
  const line = inOneLine(text);
  return (line.endsWith('\\') ? `${line} ` : line).replaceAll(/[,= ]/g, String.raw`\$&`);
}

/**
 * InfluxDB 1.6 reads a backslash in front of an escaped character in two ways at once here: the line is refused, or
 * taken with 204 and never found. Tags have no such trouble.
 */
function withoutEscapes(text: string): string {
  return inOneLine(text).replaceAll(/\\(?=[,= ]|$)/g, '/');
}

/** Newlines as clients of InfluxDB write them. */
function inOneLine(text: string): string {
  return text === '' ? '_' : text.replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`);
}

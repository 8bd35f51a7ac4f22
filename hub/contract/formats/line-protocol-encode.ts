/**
 * InfluxDB line protocol, written: timestamps in µs. Spec: docs.influxdata.com, "Line protocol". Pure.
 *
 * Line protocol has no form for some names: none may be empty, hold a newline, end in a backslash (it would escape the
 * character behind it) or, as a measurement, begin with `#` (a comment: answered with 204 and lost). Such a name is
 * changed as little as can be, rather than breaking its line or the next.
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
    return text === undefined ? [] : [`${encodeKey(key)}=${text}`];
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
    .map((key) => `,${encodeKey(key)}=${encodeKey(tags[key] ?? '')}`);
  return encodeMeasurement(measurement) + pairs.join('');
}

/** Tag keys, tag values and field keys. */
export function encodeKey(text: string): string {
  return protect(text).replaceAll(/[,= ]/g, String.raw`\$&`);
}

/** Numbers are floats: a field has one type for ever. Undefined for what has no form. */
export function encodeFieldValue(value: FieldValue): string | undefined {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function encodeMeasurement(text: string): string {
  // A bare = is fine here, but behind a backslash it would take that along.
  const name = protect(text).replaceAll(/[, ]|(?<=\\)=/g, String.raw`\$&`);
  return name.startsWith('#') ? `_${name}` : name;
}

/** Newlines as clients of InfluxDB write them; a blank behind a backslash that would be the last character. */
function protect(text: string): string {
  if (text === '') return '_';
  const line = text.replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`);
  return line.endsWith('\\') ? `${line} ` : line;
}

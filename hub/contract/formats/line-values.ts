/** Values and timestamps of InfluxDB line protocol. Spec: "Line protocol", data types and format. Pure. */
import type { NumberForm } from '../reading.ts';
import { decodeJsonScalar, type Scalar } from './scalar.ts';

/** How many µs one unit of a timestamp is; the spellings of InfluxDB 1.x and 2.x. */
const microsecondsOf = {
  n: 0.001,
  ns: 0.001,
  u: 1,
  us: 1,
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3600e6,
} as const;

export type Precision = keyof typeof microsecondsOf;
export const precisions = Object.keys(microsecondsOf) as readonly Precision[];

export interface FieldScalar extends Scalar {
  readonly form?: NumberForm;
}

/** Why a line is none. */
export class LineError extends Error {
  override readonly name = 'LineError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);
// One way to match each: no backtracking to speak of on the longest text.
const integer = /^[+-]?\d+$/;
const float = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** InfluxDB has no form for these; here the device answered, but not with a value. */
const noValue = /^[+-]?(?:nan|inf|infinity)$/i;
const valueChars = 400;
const ranges: Readonly<Record<NumberForm, { readonly least: bigint; readonly most: bigint }>> = {
  integer: { least: -(2n ** 63n), most: 2n ** 63n - 1n },
  unsigned: { least: 0n, most: 2n ** 64n - 1n },
};

/** A value without quotes. @throws {LineError} */
export function decodeFieldValue(text: string): FieldScalar {
  if (text.length > valueChars) throw invalidValue(text);
  // Most are floats, and nothing else ends so.
  if (endsInDigit(text)) return decodeFloat(text);
  const word = booleans.get(text);
  if (word !== undefined) return { value: word, quality: 'good' };
  if (text.endsWith('i')) return decodeInteger(text, 'integer');
  if (text.endsWith('u')) return decodeInteger(text, 'unsigned');
  if (noValue.test(text)) return { value: null, quality: 'bad' };
  return decodeFloat(text);
}

function endsInDigit(text: string): boolean {
  const code = text.charCodeAt(text.length - 1);
  return code >= 48 && code <= 57;
}

function decodeFloat(text: string): FieldScalar {
  if (!float.test(text)) throw invalidValue(text);
  const value = Number(text);
  if (!Number.isFinite(value))
    throw new LineError('value-out-of-range', `${text} is beyond what a number can hold`);
  return { value: value === 0 ? 0 : value, quality: 'good' };
}

/** A quoted value, without its quotes: a text is a text, unless it can mean nothing but "no value". */
export function decodeText(text: string): Scalar {
  const isNoValue = decodeJsonScalar(text)?.value === null;
  return isNoValue ? { value: null, quality: 'bad' } : { value: text, quality: 'good' };
}

/** What a double cannot hold stays as digits. */
function decodeInteger(text: string, form: NumberForm): FieldScalar {
  const digits = text.slice(0, -1);
  if (!integer.test(digits)) throw invalidValue(text);
  const value = Number(digits);
  if (Number.isSafeInteger(value) && (value >= 0 || form === 'integer'))
    return { value: value === 0 ? 0 : value, quality: 'good', form };
  const { least, most } = ranges[form];
  const exact = BigInt(digits.replace('+', ''));
  if (exact < least || exact > most)
    throw new LineError('value-out-of-range', `${text} is beyond the range of its type`);
  return { value: String(exact), quality: 'uncertain', form };
}

function invalidValue(text: string): LineError {
  return text === ''
    ? new LineError('missing-field-value', 'missing field value')
    : new LineError('invalid-field-value', `invalid field value ${shorten(text)}`);
}

/** @returns whole µs @throws {LineError} */
export function toMicroseconds(text: string, precision: Precision): number {
  if (!/^-?\d{1,19}$/.test(text)) throw new LineError('invalid-time', `bad timestamp ${shorten(text)}`);
  const scale = microsecondsOf[precision];
  // Nanoseconds of our time do not fit a double.
  const timeUs = scale < 1 ? Number(BigInt(text) / 1000n) : Number(text) * scale;
  if (!Number.isSafeInteger(timeUs))
    throw new LineError('time-out-of-range', `the timestamp ${text} is out of range in ${precision}`);
  return timeUs === 0 ? 0 : timeUs;
}

/** For messages. */
export function shorten(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

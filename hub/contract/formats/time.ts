/**
 * Instants as payloads write them, in µs since the Unix epoch.
 * `parseWireTime` reads our own form exactly; `parseTime` guesses at what foreign devices send. Pure.
 */

/** RFC 3339, with the liberties people take: a blank for the `T`, lower case, a comma before the fraction. */
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:[Zz]|[+-]\d{2}:?\d{2})$/;
const dash = 45;
const digits = /^[+-]?\d{1,20}$/;
const decimal = /^[+-]?\d{1,20}\.\d{1,20}$/;

/** Above these magnitudes an epoch can no longer be in s, ms or µs: the year would be beyond 5000. */
const largest = { seconds: 1e11, milliseconds: 1e14, microseconds: 1e17 } as const;

/** The hub's own wire form: epoch milliseconds (fractions allowed) or RFC 3339 with its zone. */
export function parseWireTime(value: unknown): number | undefined {
  if (typeof value === 'number') return safe(Math.round(value * 1000));
  return typeof value === 'string' ? parseRfc3339(value) : undefined;
}

/**
 * A foreign device's time: epoch seconds, ms, µs or ns by magnitude, as a number or as digits, or RFC 3339.
 * A local time without its zone is undefined: only the device's settings could place it.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'bigint') return fromInteger(value);
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text.charCodeAt(4) === dash) return parseRfc3339(text);
  if (digits.test(text))
    return text.length < 16 ? fromNumber(Number(text)) : fromInteger(BigInt(text.replace('+', '')));
  if (decimal.test(text)) return fromNumber(Number(text));
  return parseRfc3339(text);
}

function fromNumber(value: number): number | undefined {
  const magnitude = Math.abs(value);
  if (magnitude < largest.seconds) return safe(Math.round(value * 1e6));
  if (magnitude < largest.milliseconds) return safe(Math.round(value * 1000));
  if (magnitude < largest.microseconds) return safe(Math.round(value));
  return safe(Math.round(value / 1000));
}

/** Nanoseconds do not fit a double: whole numbers are scaled as such. */
function fromInteger(value: bigint): number | undefined {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < BigInt(largest.microseconds)) return fromNumber(Number(value));
  return safe(Number(value / 1000n));
}

/** By position, once the form is right: what a regular expression captures costs more than all the rest. */
function parseRfc3339(text: string): number | undefined {
  if (!rfc3339.test(text)) return undefined;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  // RFC 3339 §5.6: a leap second is written :60; it shares its instant with the next minute.
  if (month > 12 || hour > 23 || minute > 59 || second > 60) return undefined;
  const midnightMs = Date.UTC(year, month - 1, day);
  if (month === 0 || day === 0) return undefined;
  if (day > 28 && new Date(midnightMs).getUTCMonth() !== month - 1) return undefined;
  const [micros, end] = fractionAt(text, 19);
  const zoneMinutes = parseZone(text, end);
  if (zoneMinutes === undefined) return undefined;
  const wholeSeconds = midnightMs / 1000 + hour * 3600 + (minute - zoneMinutes) * 60 + second;
  return safe(wholeSeconds * 1e6 + micros);
}

function digitsAt(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) value = value * 10 + text.charCodeAt(at) - 48;
  return value;
}

/** µs, the rest cut off, and where the fraction ends. */
function fractionAt(text: string, at: number): [micros: number, end: number] {
  const mark = text[at];
  if (mark !== '.' && mark !== ',') return [0, at];
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end += 1;
  const count = Math.min(6, end - at - 1);
  return [digitsAt(text, at + 1, count) * 10 ** (6 - count), end];
}

function parseZone(text: string, at: number): number | undefined {
  const sign = text[at];
  if (sign !== '+' && sign !== '-') return 0;
  const hours = digitsAt(text, at + 1, 2);
  const minutes = digitsAt(text, text.length - 2, 2);
  if (hours > 23 || minutes > 59) return undefined;
  return sign === '-' ? -(hours * 60 + minutes) : hours * 60 + minutes;
}

/** Beyond 2^53 µs (the year 2255) neither the journal nor a browser can hold the instant. */
function safe(timeUs: number): number | undefined {
  if (!Number.isSafeInteger(timeUs)) return undefined;
  return timeUs === 0 ? 0 : timeUs;
}

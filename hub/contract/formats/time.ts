/**
 * Instants as payloads write them, in µs since the Unix epoch.
 * `parseWireTime` reads our own form exactly; `parseTime` guesses at what foreign devices send. Pure.
 */

/** RFC 3339, with the liberties people take: a blank for the `T`, lower case, a comma before the fraction. */
const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/;
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
  if (digits.test(text)) return fromInteger(BigInt(text.replace('+', '')));
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

function parseRfc3339(text: string): number | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // RFC 3339 §5.6: a leap second is written :60; it shares its instant with the next minute.
  if (month > 12 || hour > 23 || minute > 59 || second > 60) return undefined;
  const midnightMs = Date.UTC(year, month - 1, day);
  if (month === 0 || day === 0 || new Date(midnightMs).getUTCMonth() !== month - 1) return undefined;
  const zoneMinutes = parseZone(match[9], match[10], match[11]);
  if (zoneMinutes === undefined) return undefined;
  const wholeSeconds = midnightMs / 1000 + hour * 3600 + (minute - zoneMinutes) * 60 + second;
  const micros = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
  return safe(wholeSeconds * 1e6 + micros);
}

function parseZone(sign = '+', hours = '0', minutes = '0'): number | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offset = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -offset : offset;
}

/** Beyond 2^53 µs (the year 2255) neither the journal nor a browser can hold the instant. */
function safe(timeUs: number): number | undefined {
  if (!Number.isSafeInteger(timeUs)) return undefined;
  return timeUs === 0 ? 0 : timeUs;
}

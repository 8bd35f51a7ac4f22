/**
 * The scalars of a JSON payload as readings: what the families have in common. Words become booleans, digits in quotes
 * numbers, missing values `bad`. Pure.
 */
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { walkJson } from '#contract/formats/json.ts';
import { decodeJsonScalar, decodeScalar, type Scalar } from '#contract/formats/scalar.ts';
import type { Quality } from '#contract/reading.ts';

export interface LeafRules {
  /** The UCUM unit of the leaf with this path. */
  readonly unit?: ((path: readonly string[], value: number) => string | undefined) | undefined;
  /** Leaves that are no readings: units, times, what is told elsewhere. */
  readonly skip?: ((path: readonly string[]) => boolean) | undefined;
  /** Values that stand for "no value", such as 327.67 °C. */
  readonly isSentinel?: ((path: readonly string[], value: number) => boolean) | undefined;
  readonly timeUs?: number | undefined;
  /** For the time: a good value with a doubtful time is uncertain. */
  readonly quality?: Quality | undefined;
}

/** A number in quotes; with a leading zero or many digits it is rather an id. */
const quotedNumber = /^-?(?:0|[1-9]\d{0,6})(?:\.\d{1,10})?$/;
const switchWord = /^(?:on|off|true|false)$/i;

export function readingsOf(value: unknown, rules: LeafRules = {}): DecodedReading[] {
  const readings: DecodedReading[] = [];
  walkJson(value, (keys, leaf) => {
    const metric = pathOf(keys);
    // A key may hold a point, as `PM2.5` does: to the rules it is as if it were nested.
    const path = keys.some(hasPoint) ? metric.split('.') : keys;
    if (rules.skip?.(path) === true) return;
    const scalar = decodeLeaf(leaf);
    if (scalar !== undefined) readings.push(toReading(metric, path, scalar, rules));
  });
  return readings;
}

/** By hand: joining costs three times as much, and every value of every message has a path. */
function pathOf(keys: readonly string[]): string {
  let path = keys[0] ?? '';
  for (let at = 1; at < keys.length; at += 1) path += `.${keys[at]}`;
  return path;
}

function hasPoint(key: string): boolean {
  return key.includes('.');
}

/** One scalar of a JSON document as a device means it. */
export function decodeLeaf(value: unknown): Scalar | undefined {
  if (typeof value === 'string' && (quotedNumber.test(value) || switchWord.test(value)))
    return decodeScalar(value);
  return decodeJsonScalar(value);
}

function toReading(
  metric: string,
  path: readonly string[],
  scalar: Scalar,
  rules: LeafRules,
): DecodedReading {
  const { timeUs, isSentinel } = rules;
  const number = typeof scalar.value === 'number' ? scalar.value : undefined;
  const isMissing = number !== undefined && isSentinel?.(path, number) === true;
  const unit = scalar.unit ?? (number === undefined ? undefined : rules.unit?.(path, number));
  const value = isMissing ? null : scalar.value;
  const quality = isMissing ? 'bad' : worse(scalar.quality, rules.quality);
  // Written out: conditional spreads are a tenth of a message.
  if (timeUs === undefined)
    return unit === undefined ? { metric, value, quality } : { metric, value, quality, unit };
  return unit === undefined ? { metric, value, quality, timeUs } : { metric, value, quality, timeUs, unit };
}

function worse(quality: Quality, other: Quality | undefined): Quality {
  return quality === 'good' ? (other ?? 'good') : quality;
}

/**
 * What a reading or an event must be to enter the hub: ARCHITECTURE §2. Pure: numbers, words and clocks are handed in.
 * A broken rule answers a {@link Problem}; whatever can be kept honestly is kept with a lesser quality instead.
 */
import type { Json } from '#contract/event.ts';
import { limits } from '#contract/limits.ts';
import { isGroupId, isId } from '#contract/names.ts';
import { qualities, type Quality, type Tags, type Value } from '#contract/reading.ts';
import type { IncomingEvent, IncomingReading } from '#ports';

export interface Problem {
  readonly code: string;
  readonly message: string;
}

const worse: readonly Quality[] = qualities;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const controlCharacters = /[\u0000-\u001f\u007f]/;

export function checkNames({ group, device, metric }: IncomingReading): Problem | undefined {
  if (!isGroupId(group)) return { code: 'invalid-group', message: 'The group is no valid id.' };
  if (!isId(device)) return { code: 'invalid-device', message: 'The device is no valid id.' };
  if (!isId(metric)) return { code: 'invalid-metric', message: 'The metric is no valid id.' };
  return undefined;
}

export function checkTags(tags: Tags): Problem | undefined {
  const entries = Object.entries(tags);
  if (entries.length > limits.tagsPerSeries)
    return { code: 'too-many-tags', message: `A series has at most ${limits.tagsPerSeries} tags.` };
  const isValid = entries.every(
    ([key, value]) =>
      isId(key) &&
      typeof value === 'string' &&
      value !== '' &&
      value.length <= limits.tagValueChars &&
      value.isWellFormed() &&
      !controlCharacters.test(value),
  );
  return isValid
    ? undefined
    : {
        code: 'invalid-tag',
        message: 'Tag keys are ids, tag values short texts without control characters.',
      };
}

/** Keys in order, or nothing for none: part of the identity, so written one way only. */
export function sortTags(tags: Tags): Tags | undefined {
  const keys = Object.keys(tags);
  if (keys.length === 0) return undefined;
  if (keys.every((key, place) => place === 0 || (keys[place - 1] ?? '') < key)) return tags;
  return Object.fromEntries(keys.toSorted().map((key) => [key, tags[key] ?? '']));
}

export function checkId(id: string | undefined): Problem | undefined {
  if (id === undefined) return undefined;
  const isValid = typeof id === 'string' && id !== '' && id.length <= limits.idChars && id.isWellFormed();
  return isValid
    ? undefined
    : { code: 'invalid-id', message: `An id is a text of 1 to ${limits.idChars} characters.` };
}

export type Judged = { readonly value: Value; readonly quality: Quality } | Problem;

/** A number that is none becomes bad with value null, never a number; text is bounded. */
export function judgeValue({ value, quality = 'good' }: IncomingReading): Judged {
  if (!qualities.includes(quality)) return { code: 'invalid-quality', message: 'The quality is unknown.' };
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return { value: null, quality: 'bad' };
    // -0 and 0 are one value.
    return { value: value === 0 ? 0 : value, quality };
  }
  if (typeof value === 'boolean') return { value, quality };
  if (typeof value === 'string') return judgeText(value, quality);
  if (value === null) return { value, quality: 'bad' };
  return { code: 'invalid-value', message: 'A value is a number, a text, true, false or null.' };
}

function judgeText(text: string, quality: Quality): Judged {
  // UTF-8 takes at most three bytes a UTF-16 unit: only long texts need counting.
  const isLong =
    text.length * 3 > limits.stringValueBytes && Buffer.byteLength(text) > limits.stringValueBytes;
  return isLong
    ? { code: 'value-too-long', message: `A text has at most ${limits.stringValueBytes} bytes.` }
    : { value: text.isWellFormed() ? text : text.toWellFormed(), quality };
}

/** When it came, and what would be too old to be kept. */
export interface Arrival {
  readonly arrivalUs: number;
  readonly oldestUs: number;
}

export interface Moment {
  /** µs; absent = the hub stamps it. */
  readonly timeUs: number | undefined;
  readonly isUncertain: boolean;
}

/** Where a device's own time is believed, doubted or replaced by arrival. */
export function judgeTime(timeUs: number | undefined, { arrivalUs, oldestUs }: Arrival): Moment | Problem {
  if (timeUs === undefined) return { timeUs, isUncertain: false };
  // Beyond 2^53 µs (the year 2255) no exact number is left to keep.
  if (!(timeUs >= limits.earliestTimeUs && timeUs <= Number.MAX_SAFE_INTEGER))
    return { timeUs: undefined, isUncertain: true };
  if (timeUs < oldestUs)
    return { code: 'older-than-retention', message: 'The time is older than what the hub keeps.' };
  return { timeUs: Math.round(timeUs), isUncertain: timeUs > arrivalUs + limits.futureSkewUs };
}

export function atBestUncertain(quality: Quality): Quality {
  return worse.indexOf(quality) < worse.indexOf('uncertain') ? 'uncertain' : quality;
}

export function checkEvent({ group, device, name, data = null, id }: IncomingEvent): Problem | undefined {
  if (!isGroupId(group)) return { code: 'invalid-group', message: 'The group is no valid id.' };
  if (!isId(device)) return { code: 'invalid-device', message: 'The device is no valid id.' };
  if (!isId(name) || name.length > limits.eventNameChars)
    return { code: 'invalid-event-name', message: 'The name of the event is no valid id.' };
  // Depth first: writing what is too deep would overflow the stack.
  if (!isShallow(data, limits.jsonDepth))
    return { code: 'data-too-deep', message: `Data nests at most ${limits.jsonDepth} levels.` };
  if (JSON.stringify(data).length > limits.eventDataBytes)
    return { code: 'data-too-long', message: `Data has at most ${limits.eventDataBytes} characters.` };
  return checkId(id);
}

function isShallow(data: Json, levels: number): boolean {
  if (typeof data !== 'object' || data === null) return true;
  return levels > 0 && Object.values(data).every((inner) => isShallow(inner, levels - 1));
}

export function isProblem(judged: object): judged is Problem {
  return 'code' in judged;
}

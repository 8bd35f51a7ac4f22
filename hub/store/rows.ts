/**
 * A reading as cells of a row, and back: `value` for numbers and booleans, `text` for strings, `flags` for the rest.
 * The same flags lie in the file and in the messages between the threads. Pure.
 */
import type { Quality, Reading, Tags, Value } from '#contract/reading.ts';

const qualityOfBits: readonly Quality[] = ['good', 'uncertain', 'stale', 'bad'];
const bitsOfQuality: Readonly<Record<Quality, number>> = { good: 0, uncertain: 1, stale: 2, bad: 3 };

const hubStamped = 1 << 2;
const possibleDuplicate = 1 << 3;
const kindShift = 4;
const Kind = { number: 0, boolean: 1, text: 2, nothing: 3 } as const;

export function flagsOf(
  reading: Pick<Reading, 'value' | 'quality' | 'stampedBy' | 'possibleDuplicate'>,
): number {
  let flags = bitsOfQuality[reading.quality] | (kindOf(reading.value) << kindShift);
  if (reading.stampedBy === 'hub') flags |= hubStamped;
  if (reading.possibleDuplicate === true) flags |= possibleDuplicate;
  return flags;
}

function kindOf(value: Value): number {
  if (typeof value === 'number') return Kind.number;
  if (typeof value === 'boolean') return Kind.boolean;
  return value === null ? Kind.nothing : Kind.text;
}

export function isNumber(flags: number): boolean {
  return flags >> kindShift === Kind.number;
}

export function isText(flags: number): boolean {
  return flags >> kindShift === Kind.text;
}

export function hasValue(flags: number): boolean {
  return flags >> kindShift !== Kind.nothing;
}

/** What goes into the column `value`; NaN is bound as NULL. */
export function numberCell(value: Value): number {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : Number.NaN;
}

export function valueOf(value: number | null, text: string | null, flags: number): Value {
  switch (flags >> kindShift) {
    case Kind.number:
      return value;
    case Kind.boolean:
      return value === 1;
    case Kind.text:
      return text;
    default:
      return null;
  }
}

export function qualityOf(flags: number): Quality {
  return qualityOfBits[flags & 3] ?? 'bad';
}

export function stampOf(flags: number): Pick<Reading, 'stampedBy' | 'possibleDuplicate'> {
  const stampedBy = (flags & hubStamped) === 0 ? 'device' : 'hub';
  return (flags & possibleDuplicate) === 0 ? { stampedBy } : { stampedBy, possibleDuplicate: true };
}

/** Kind and value as a text: two readings of one series at one instant with the same are one. */
export function valueKey({ value, text, flags }: Cells): string {
  return `${flags >> kindShift} ${text ?? value}`;
}

export interface Cells {
  readonly value: number | null;
  readonly text: string | null;
  readonly flags: number;
}

/** The text of a tag set in the table `series`. */
export function tagsToText(tags: Tags | undefined): string {
  if (tags === undefined) return '';
  const keys = Object.keys(tags).toSorted();
  return keys.length === 0 ? '' : JSON.stringify(Object.fromEntries(keys.map((key) => [key, tags[key]])));
}

export function tagsOfText(text: string): Tags | undefined {
  return text === '' ? undefined : (JSON.parse(text) as Tags);
}

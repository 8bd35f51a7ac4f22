/**
 * A reading as cells of a row, and back: `value` for numbers and booleans, `text` for strings, `flags` for the rest.
 * The same flags lie in the file and in the messages between the threads. Pure.
 */
import type { LineName, NumberForm, Quality, Reading, Tags, Value } from '#contract/reading.ts';

const qualityOfBits: readonly Quality[] = ['good', 'uncertain', 'stale', 'bad'];
const bitsOfQuality: Readonly<Record<Quality, number>> = { good: 0, uncertain: 1, stale: 2, bad: 3 };

const hubStamped = 1 << 2;
const possibleDuplicate = 1 << 3;
const kindShift = 4;
const Kind = { number: 0, boolean: 1, text: 2, nothing: 3 } as const;
/** How it came: not as a line, or as one with a number of this form. */
const cameShift = 6;
const Came = { otherwise: 0, line: 1, integer: 2, unsigned: 3 } as const;

export function flagsOf(
  reading: Pick<Reading, 'value' | 'quality' | 'stampedBy' | 'possibleDuplicate' | 'line' | 'form'>,
): number {
  let flags = bitsOfQuality[reading.quality] | (kindOf(reading.value) << kindShift);
  if (reading.stampedBy === 'hub') flags |= hubStamped;
  if (reading.possibleDuplicate === true) flags |= possibleDuplicate;
  if (reading.line !== undefined) flags |= Came[reading.form ?? 'line'] << cameShift;
  return flags;
}

function kindOf(value: Value): number {
  if (typeof value === 'number') return Kind.number;
  if (typeof value === 'boolean') return Kind.boolean;
  return value === null ? Kind.nothing : Kind.text;
}

function kindOfFlags(flags: number): number {
  return (flags >> kindShift) & 3;
}

export function isNumber(flags: number): boolean {
  return kindOfFlags(flags) === Kind.number;
}

export function isText(flags: number): boolean {
  return kindOfFlags(flags) === Kind.text;
}

/** It came as line protocol, and shall be called as it was there. */
export function isLine(flags: number): boolean {
  return flags >> cameShift !== Came.otherwise;
}

export function formOf(flags: number): NumberForm | undefined {
  const came = flags >> cameShift;
  if (came === Came.integer) return 'integer';
  return came === Came.unsigned ? 'unsigned' : undefined;
}

export function hasValue(flags: number): boolean {
  return kindOfFlags(flags) !== Kind.nothing;
}

/** What goes into the column `value`; NaN is bound as NULL. */
export function numberCell(value: Value): number {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : Number.NaN;
}

export function valueOf(value: number | null, text: string | null, flags: number): Value {
  switch (kindOfFlags(flags)) {
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
  return `${kindOfFlags(flags)} ${text ?? value}`;
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

/** The text of a line's names in the table `series`. */
export function lineToText({ measurement, tags, field }: LineName): string {
  return JSON.stringify([measurement, field, tags]);
}

export function lineOfText(text: string): LineName | undefined {
  if (text === '') return undefined;
  const [measurement, field, tags] = JSON.parse(text) as [string, string, Tags];
  return { measurement, tags, field };
}

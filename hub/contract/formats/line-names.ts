/**
 * What lines begin with and how their fields are called, made into ids once: senders repeat the same few beginnings for
 * ever. Bounded; readings of the same beginning share their names and tags, which nobody changes. Pure memory.
 */
import { toId } from '../names.ts';
import type { LineName, Tags } from '../reading.ts';

/** Measurement and tags. */
export interface LineHead {
  readonly measurement: string;
  /** Absent: no tag names it. */
  readonly device: string | undefined;
  /** The series': without the one that names the device. */
  readonly tags: Tags | undefined;
  /** As they came. */
  readonly named: Tags;
  readonly fields: Map<string, LineField>;
  /** In the order in which they were first seen: mostly the order of each line. */
  readonly order: LineField[];
  /** Everything in front of the blank that ends the tags, if it is kept. */
  text: string | undefined;
  /** What the line behind one that begins so began with, the last time. */
  next: LineHead | undefined;
}

export interface LineField {
  /** The key and `=`, as a line has them; absent where the key needs escapes. */
  readonly text: string | undefined;
  readonly metric: string;
  readonly line: LineName;
}

/** Longer beginnings and field keys are read each time. */
export const keptNameChars = 512;
/** Beginnings and fields together; beyond it all are forgotten. */
const keptNames = 20_000;
const keptFieldsPerHead = 256;
const escaped = /[,=\\ ]/;
const defaultDeviceTags = ['device', 'host'];

export class LineNames {
  readonly #deviceTags: readonly string[];
  readonly #heads = new Map<string, LineHead>();
  #size = 0;

  /** @param deviceTags the first of these that a line has names its device */
  constructor(deviceTags: readonly string[] = defaultDeviceTags) {
    this.#deviceTags = deviceTags;
  }

  /** @param text everything in front of the blank that ends the tags */
  find(text: string): LineHead | undefined {
    return this.#heads.get(text);
  }

  keep(text: string, head: LineHead): void {
    this.#makeRoom();
    head.text = copyOf(text);
    this.#heads.set(head.text, head);
  }

  headOf(measurement: string, tags: ReadonlyMap<string, string>): LineHead {
    const deviceTag = this.#deviceTags.find((key) => tags.has(key));
    const named = [...tags].map(([key, value]) => [copyOf(key), copyOf(value)] as const);
    const own = named
      .filter(([key]) => key !== deviceTag)
      .map(([key, value]) => [toId(key), value] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return {
      measurement: copyOf(measurement),
      device: deviceTag === undefined ? undefined : toId(copyOf(tags.get(deviceTag) ?? '')),
      tags: own.length === 0 ? undefined : Object.fromEntries(own),
      named: Object.fromEntries(named),
      fields: new Map(),
      order: [],
      text: undefined,
      next: undefined,
    };
  }

  fieldOf(head: LineHead, key: string): LineField {
    const known = head.fields.get(key);
    if (known !== undefined) return known;
    const { measurement, named } = head;
    const field = copyOf(key);
    const line = { measurement, tags: named, field };
    const text = escaped.test(field) ? undefined : `${field}=`;
    const made = { text, metric: toId(`${measurement}.${field}`), line };
    if (head.order.length < keptFieldsPerHead && field.length <= keptNameChars) {
      head.fields.set(field, made);
      head.order.push(made);
      this.#makeRoom();
    }
    return made;
  }

  /** For one more. */
  #makeRoom(): void {
    if (this.#size >= keptNames) {
      this.#heads.clear();
      this.#size = 0;
    }
    this.#size += 1;
  }
}

/** A piece of a text keeps all of it in memory: what stays must not be one. */
function copyOf(piece: string): string {
  return piece.split('').join('');
}

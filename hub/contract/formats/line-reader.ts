/**
 * Walks through a text of InfluxDB line protocol, one line at a time, once. Pure; no regular expressions.
 * Inside quotes newlines are part of the text. What ends a part, and what is escaped: `line-characters.ts`.
 */
import {
  backslash,
  carriageReturn,
  comma,
  equals,
  hash,
  isEndOfKey,
  isEndOfMeasurement,
  isEndOfValue,
  isEndOfWord,
  isEscapedInName,
  isEscapedInText,
  newline,
  quote,
  space,
  tab,
  unescape,
} from './line-characters.ts';
import { keptNameChars, type LineField, type LineHead, type LineNames } from './line-names.ts';
import { decodeFieldValue, decodeText, LineError, type FieldScalar } from './line-values.ts';

export { LineError } from './line-values.ts';

export interface Line {
  readonly head: LineHead;
  readonly fields: readonly { readonly name: LineField; readonly scalar: FieldScalar }[];
  readonly timestamp: string | undefined;
}

const nameChars = 512;
const tagsPerLine = 128;

/** A quoted text that does not end as it must: nobody can tell where its line was meant to end. */
class BrokenTextError extends LineError {}

export class LineReader {
  /** Of the line that {@link toNextLine} found; the first is 1. */
  number = 1;
  /** Where that line starts. */
  start = 0;
  readonly #text: string;
  readonly #fieldsPerLine: number;
  readonly #names: LineNames;
  #at = 0;
  /** Of the row that {@link number} counts: its newline. */
  #rowEnd: number;
  #isInFields = false;
  /** What the last line began with. */
  #head: LineHead | undefined;

  constructor(text: string, fieldsPerLine: number, names: LineNames) {
    this.#text = text;
    this.#names = names;
    this.#fieldsPerLine = fieldsPerLine;
    this.#rowEnd = this.#endOfRow(0);
    // A byte order mark, as editors of Windows write it.
    if (text.startsWith('\uFEFF')) this.#at = 1;
  }

  /** Skips blank lines and comments. @returns false at the end of the text */
  toNextLine(): boolean {
    for (;;) {
      while (this.#isBlank() || this.#code() === newline) this.#at += 1;
      if (this.#at >= this.#text.length) return false;
      if (this.#code() !== hash) break;
      this.#at = this.#endOfRow(this.#at);
    }
    for (; this.#rowEnd < this.#at; this.#rowEnd = this.#endOfRow(this.#rowEnd + 1)) this.number += 1;
    this.start = this.#at;
    this.#isInFields = false;
    return true;
  }

  /** @throws {LineError} call {@link skipLine} then */
  readLine(): Line {
    const head = this.#readHead();
    this.#skipBlanks();
    this.#isInFields = true;
    const fields = this.#readFields(head);
    this.#skipBlanks();
    const timestamp = this.#readWord(isEndOfWord);
    this.#skipBlanks();
    if (!this.#isAtEndOfLine()) throw new LineError('invalid-time', 'something follows the timestamp');
    return { head, fields, timestamp: timestamp === '' ? undefined : timestamp };
  }

  /**
   * After an error: goes to the end of the line. If a quoted text broke, the row ends it, so that a missing quote does
   * not take the lines behind it along.
   * @returns the line
   */
  skipLine(start: number, error: LineError): string {
    if (error instanceof BrokenTextError) this.#at = this.#endOfRow(start);
    else this.#skipRest();
    return this.#text.slice(start, this.#at).trimEnd();
  }

  /** Senders repeat their lines in the same order: what follows what is remembered. */
  #readHead(): LineHead {
    const next = this.#head?.next;
    const head = next !== undefined && this.#isAt(next) ? next : this.#findHead();
    if (this.#head !== undefined && head !== next)
      this.#head.next = head.text === undefined ? undefined : head;
    this.#head = head;
    return head;
  }

  #isAt({ text }: LineHead): boolean {
    if (text === undefined || !this.#text.startsWith(text, this.#at)) return false;
    const end = this.#at + text.length;
    if (this.#text.charCodeAt(end) !== space) return false;
    this.#at = end;
    return true;
  }

  /** Up to the blank that ends it, the text is read the same way wherever it stands: it is read once. */
  #findHead(): LineHead {
    const text = this.#text.slice(this.#at, this.#blankAfter(this.#at));
    const known = this.#names.find(text);
    const from = this.#at;
    if (known !== undefined) {
      this.#at += text.length;
      return known;
    }
    const measurement = this.#readName('measurement', isEndOfMeasurement);
    const head = this.#names.headOf(measurement, this.#readTags());
    if (this.#code() === space && this.#at - from === text.length) this.#names.keep(text, head);
    return head;
  }

  /** The first blank that nothing escapes, if it is near and on this row. */
  #blankAfter(from: number): number {
    const most = Math.min(from + keptNameChars, this.#text.length);
    for (let at = from; at < most; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === space) return at;
      if (code === newline) return from;
      if (code === backslash) at += 1;
    }
    return from;
  }

  #readTags(): ReadonlyMap<string, string> {
    const tags = new Map<string, string>();
    while (this.#code() === comma) {
      this.#at += 1;
      const key = this.#readName('tag key', isEndOfKey);
      if (this.#code() !== equals) throw new LineError('missing-tag-value', `missing value of tag ${key}`);
      this.#at += 1;
      const value = this.#readName('tag value', isEndOfKey);
      if (this.#code() === equals)
        throw new LineError('invalid-tag', `the value of tag ${key} holds a bare =`);
      if (tags.has(key)) throw new LineError('duplicate-tag', `the tag ${key} is there twice`);
      if (tags.size >= tagsPerLine)
        throw new LineError('too-many-tags', `a line has at most ${tagsPerLine} tags`);
      tags.set(key, value);
    }
    return tags;
  }

  #readFields(head: LineHead): Line['fields'] {
    if (this.#isAtEndOfLine()) throw new LineError('missing-fields', 'missing fields');
    // A list that begins with its first has room for no more: most lines of sensors have one field.
    const fields = [this.#readField(head, 0)];
    for (;;) {
      if (fields.length > this.#fieldsPerLine)
        throw new LineError('too-many-fields', `a line has at most ${this.#fieldsPerLine} fields`);
      if (this.#code() !== comma) return fields;
      this.#at += 1;
      fields.push(this.#readField(head, fields.length));
    }
  }

  #readField(head: LineHead, place: number): Line['fields'][number] {
    return { name: this.#readFieldName(head, place), scalar: this.#readValue() };
  }

  /** With the `=` behind it. Lines that begin alike mostly have the same fields in the same order. */
  #readFieldName(head: LineHead, place: number): LineField {
    const expected = head.order[place];
    if (expected?.text !== undefined && this.#text.startsWith(expected.text, this.#at)) {
      this.#at += expected.text.length;
      return expected;
    }
    const key = this.#readName('field key', isEndOfKey);
    if (this.#code() !== equals) throw new LineError('missing-field-value', `missing value of field ${key}`);
    this.#at += 1;
    return this.#names.fieldOf(head, key);
  }

  #readValue(): FieldScalar {
    if (this.#code() !== quote) return decodeFieldValue(this.#readWord(isEndOfValue));
    const end = this.#endOfText(this.#at);
    if (end === undefined) throw new BrokenTextError('unbalanced-quotes', 'unbalanced quotes');
    const raw = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    const code = this.#code();
    if (code !== comma && code !== space && !this.#isAtEndOfLine())
      throw new BrokenTextError(
        'unbalanced-quotes',
        'a quoted text is followed by more than a comma or a space',
      );
    return decodeText(raw.includes('\\') ? unescape(raw, isEscapedInText) : raw);
  }

  #readName(what: string, isEnd: (code: number) => boolean): string {
    const from = this.#at;
    let isEscaped = false;
    while (!this.#isAtEndOfLine() && !isEnd(this.#code())) {
      const escapes = this.#code() === backslash && isEscapedInName(this.#text.charCodeAt(this.#at + 1));
      isEscaped ||= escapes;
      this.#at += escapes ? 2 : 1;
    }
    if (this.#at === from) throw new LineError(`missing-${what.replace(' ', '-')}`, `missing ${what}`);
    if (this.#at - from > nameChars)
      throw new LineError('name-too-long', `a ${what} has at most ${nameChars} characters`);
    const raw = this.#text.slice(from, this.#at);
    return isEscaped ? unescape(raw, isEscapedInName) : raw;
  }

  #readWord(isEnd: (code: number) => boolean): string {
    const from = this.#at;
    let at = from;
    for (let code = this.#code(); !isEnd(code) && !this.#endsLine(code, at); code = this.#text.charCodeAt(at))
      at += 1;
    this.#at = at;
    return this.#text.slice(from, at);
  }

  /** To the newline that ends this line: one that is in no quoted text. */
  #skipRest(): void {
    for (; this.#at < this.#text.length && this.#code() !== newline; this.#at += 1) {
      const code = this.#code();
      if (code === backslash && this.#text.charCodeAt(this.#at + 1) !== newline) this.#at += 1;
      else if (code === space) this.#isInFields = true;
      else if (code === quote && this.#isInFields && this.#text.charCodeAt(this.#at - 1) === equals)
        this.#at = this.#endOfText(this.#at) ?? this.#at;
    }
  }

  /** Where the text that opens here has its closing quote. */
  #endOfText(open: number): number | undefined {
    for (let at = open + 1; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === quote) return at;
      if (code === backslash) at += 1;
    }
    return undefined;
  }

  #endOfRow(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end === -1 ? this.#text.length : end;
  }

  #skipBlanks(): void {
    while (this.#isBlank()) this.#at += 1;
  }

  #isBlank(): boolean {
    const code = this.#code();
    return code === space || code === tab || code === carriageReturn || code === 0;
  }

  #isAtEndOfLine(): boolean {
    return this.#endsLine(this.#code(), this.#at);
  }

  /** A carriage return counts only in front of the newline. */
  #endsLine(code: number, at: number): boolean {
    if (code === carriageReturn) {
      const next = this.#text.charCodeAt(at + 1);
      return next === newline || Number.isNaN(next);
    }
    return code === newline || Number.isNaN(code);
  }

  /** NaN at the end of the text. */
  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }
}

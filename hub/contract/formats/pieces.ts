/**
 * A long file cut into pieces of whole lines, of CSV each with the header, so that each can be sent, answered and begun
 * again by itself. A text in quotes that goes over several lines is not cut (RFC 4180): quotes are counted. Pure.
 */
import { FormatError } from './decoded.ts';

export interface Piece {
  /** What to send; of CSV with the header in front. */
  readonly text: string;
  /** Lines of the file before its first, less a header that is repeated. */
  readonly rowsBefore: number;
}

const mostRestChars = 8 * 1024 * 1024;

export class PieceCutter {
  readonly #isCsv: boolean;
  #header = '';
  #rest = '';
  #rows = 0;

  constructor(isCsv: boolean) {
    this.#isCsv = isCsv;
  }

  /** @returns the whole lines there are now, if any @throws {FormatError} no line ends within 8 MiB */
  add(text: string): Piece | undefined {
    this.#rest += text;
    const end = this.#isCsv ? endOfRecords(this.#rest) : this.#rest.lastIndexOf('\n') + 1;
    if (end === 0 && this.#rest.length > mostRestChars)
      throw new FormatError('endless-line', 'A line has no end: what is this file?');
    if (end === 0) return undefined;
    const whole = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return this.#cut(whole);
  }

  /** What is behind the last line's end. */
  end(): Piece | undefined {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? undefined : this.#cut(rest);
  }

  #cut(text: string): Piece {
    const rowsBefore = this.#header === '' ? this.#rows : this.#rows - 1;
    const piece = { text: this.#header + text, rowsBefore };
    this.#rows += text.split('\n').length - 1;
    if (this.#isCsv && this.#header === '') this.#header = text.slice(0, text.indexOf('\n') + 1);
    return piece;
  }
}

/** Behind the last line that is no part of a text in quotes. */
function endOfRecords(text: string): number {
  let end = text.lastIndexOf('\n') + 1;
  while (end > 0 && (text.slice(0, end).split('"').length - 1) % 2 === 1)
    end = text.lastIndexOf('\n', end - 2) + 1;
  return end;
}

/**
 * The words of InfluxQL, and what its answers are made of. Spec: docs.influxdata.com, InfluxDB 1.8, "InfluxQL reference":
 * identifiers stand in double quotes, texts in single ones, a backslash escapes quotes and itself, a newline is `\n`.
 * Pure.
 */

/** One table of an answer. */
export interface Table {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** The database understood the request and refuses the statement. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  readonly code = 'refused-statement';
}

/** A database, measurement, tag key or field. */
export function quoteName(name: string): string {
  return `"${escaped(name, '"')}"`;
}

/** A text, as the value of a tag is. */
export function quoteText(text: string): string {
  return `'${escaped(text, "'")}'`;
}

/**
 * A regular expression (RE2) that matches exactly one of these texts. Every character that means something is written
 * by its number, so nothing in a text can end the expression.
 */
export function oneOf(texts: readonly string[]): string {
  return `/^(?:${texts.map(literal).join('|')})$/`;
}

/** As {@link oneOf}; `*` stands for any run of characters. */
export function likeOneOf(patterns: readonly string[]): string {
  const parts = patterns.map((pattern) => pattern.split('*').map(literal).join('.*'));
  return `/^(?:${parts.join('|')})$/`;
}

/** @param answer the JSON of `/query` @returns the tables of each statement @throws {StatementError} */
export function tablesOf(answer: unknown): readonly (readonly Table[])[] {
  const { results = [], error } = (answer ?? {}) as RawAnswer;
  if (error !== undefined) throw new StatementError(error);
  return results.map(({ series = [], error: refusal }) => {
    if (refusal !== undefined) throw new StatementError(refusal);
    return series.map(({ name = '', tags = {}, columns = [], values = [] }) => ({
      name,
      tags,
      columns,
      values,
    }));
  });
}

interface RawAnswer {
  readonly error?: string;
  readonly results?: readonly { readonly error?: string; readonly series?: readonly Partial<Table>[] }[];
}

function escaped(text: string, quote: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', String.raw`\n`);
}

function literal(text: string): string {
  return text.replaceAll(
    /[^\w :%-]/gu,
    (character) => `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

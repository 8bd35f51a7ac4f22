/**
 * The characters that mean something in InfluxDB line protocol: what ends a part of a line, and what a backslash escapes.
 * Spec: docs.influxdata.com, "Line protocol", Special characters. Pure.
 *
 * A backslash escapes the characters `,`, `=` and blank of names, and is itself otherwise: `a\\,b` is `a\,b`. Inside quotes
 * it escapes quotes and backslashes.
 */
export const newline = 10;
export const carriageReturn = 13;
export const tab = 9;
export const space = 32;
export const quote = 34;
export const hash = 35;
export const comma = 44;
export const equals = 61;
export const backslash = 92;

export function isEndOfMeasurement(code: number): boolean {
  return code === comma || code === space;
}

/** Of tag keys, tag values and field keys. */
export function isEndOfKey(code: number): boolean {
  return code === comma || code === space || code === equals;
}

export function isEndOfValue(code: number): boolean {
  return code === comma || code === space;
}

export function isEndOfWord(code: number): boolean {
  return code === space || code === tab;
}

/** `=` also in measurements, which it does not end. */
export function isEscapedInName(code: number): boolean {
  return isEndOfKey(code);
}

export function isEscapedInText(code: number): boolean {
  return code === quote || code === backslash;
}

/** Takes the backslash off each character that needs one. */
export function unescape(raw: string, isEscaped: (code: number) => boolean): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = raw.indexOf('\\'); at !== -1; at = raw.indexOf('\\', at)) {
    if (!isEscaped(raw.charCodeAt(at + 1))) {
      at += 1;
      continue;
    }
    parts.push(raw.slice(from, at), raw.charAt(at + 1));
    at += 2;
    from = at;
  }
  return parts.join('') + raw.slice(from);
}
